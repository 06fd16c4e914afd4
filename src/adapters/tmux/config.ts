import { createHash } from 'node:crypto';
import type { TmuxOptions } from './call.ts';
import { quoted } from './quote.ts';

/** Set on every session of gt: keys and bar are ours only there. Its value is the agent's address. */
export const ROLE_MARK = '@gt_role';

/** Where a server keeps what it was told last: an older text is read in again at the next start of a session. */
export const CONFIG_MARK = '@gt_config';

/** Right part of a bar. The shell line comes from an option: no character of a path can end the `#( )`. */
export const BAR_RIGHT = '#(#{@gt_bar} status-line --session=#{q:session_name} 2>/dev/null) %H:%M ';

/**
 * The town's own tmux settings: only what gt relies on, and comfort that a stock tmux user expects to find. The
 * user's ~/.tmux.conf is never read: its key bindings, hooks and options are the user's own (P19). In sessions that
 * people make on this server every key does what it does in tmux.
 */
const SETTINGS = `
# A finished pane stays so that its last screen can be read. Must be on before the first command runs.
set -wg remain-on-exit on
# The environment of whoever attaches must not reach the agents.
set -g update-environment ""
set -g default-terminal "screen-256color"
set -s escape-time 20
set -s focus-events off
set -s set-clipboard on
set -g history-limit 5000
set -g mouse on
set -wg allow-rename off
set -wg automatic-rename off
set -wg window-size latest
set -g status-left-length 40
set -g status-right-length 80
set -g status-right "%H:%M "
set -g status-interval 5
set -g display-time 3000
set -g status-style "bg=default,fg=default"
set -g set-titles on
set -g set-titles-string "#{session_name}"
`;

/** A key of gt in its own sessions, and what the key does in all others. */
function binding(key: string, note: string, ours: string, others: string): string {
  return `bind-key -N "${note}" ${key} if-shell -F "#{${ROLE_MARK}}" { ${ours} } { ${others} }`;
}

/** Formats are filled in when the key is pressed. */
function runs(words: string): string {
  return `run-shell -b "#{@gt_key} ${words}"`;
}

/**
 * A shell line to which words of gt are added. What a command prints would cover the agent's pane: a failure is shown
 * in the status bar for a moment instead.
 */
export function keyLine(gtLine: string): string {
  const show = String.raw`tmux display-message -- "$(printf %s "$e" | head -n 1 | sed s/#/##/g)"`;
  return `gt_key() { e=$(${gtLine} "$@" 2>&1 >/dev/null) || ${show}; }; gt_key`;
}

const WHERE = '--session=#{q:session_name} --client=#{q:client_tty}';
const BINDINGS = [
  binding('n', 'Next agent of the group', runs(`cycle next ${WHERE}`), 'next-window'),
  binding('p', 'Previous agent of the group', runs(`cycle prev ${WHERE}`), 'previous-window'),
  binding('a', 'What happens in the town', runs('feed --window --session=#{q:session_name}'), ''),
  binding('g', 'Menu of agents', runs('agents menu --client=#{q:client_tty}'), ''),
  binding('r', 'Menu of rigs (projects)', runs('rig menu --client=#{q:client_tty}'), 'refresh-client'),
  String.raw`bind-key -T root MouseDown1StatusRight if-shell -F "#{${ROLE_MARK}}" { run-shell -bC "display-popup -w 60 -h 15 GT_ROLE=#{${ROLE_MARK}}\ #{q:@gt}\ mail\ peek" } { }`,
];

/**
 * `gt status-line --session=<session>` as a shell line. A bar that was drawn less than four seconds ago is read by the
 * shell itself, which tmux has started anyway: a program for each of thirty bars would cost a third of a core.
 */
function barLine({ gtLine, barsFile }: Told): string {
  // A clock that was set back makes no bar fresh.
  const isFresh = 'age=$(( $(date +%s) - at )) && [ "$age" -ge 0 ] && [ "$age" -lt 4 ]';
  const own = 'while read -r s t; do if [ "$s" = "${2#--session=}" ]; then printf %s "$t"; fi; done';
  return `gt_bar() { { read -r at && ${isFresh} && ${own}; } <${quoted(barsFile)} || ${gtLine} "$@"; }; gt_bar`;
}

/** What of this town and this gt is in the settings. */
type Told = Pick<TmuxOptions, 'gtLine' | 'barsFile'>;

/** The text of the settings file. */
export function tmuxConfig(told: Told): string {
  const head = "# Made by gt for this town's tmux server; rewritten at every start.";
  return `${head}\n${bodyOf(told)}\nset -g ${CONFIG_MARK} ${configVersion(told)}\n`;
}

/** Names the text: a server that holds another one has older settings. */
export function configVersion(told: Told): string {
  return createHash('sha256').update(bodyOf(told)).digest('hex').slice(0, 12);
}

function bodyOf(told: Told): string {
  const lines = { '@gt': told.gtLine, '@gt_key': keyLine(told.gtLine), '@gt_bar': barLine(told) };
  const options = Object.entries(lines).map(([name, line]) => `set -g ${name} ${quoted(line)}`);
  return [SETTINGS, ...options, ...BINDINGS].join('\n');
}
