import { BugError } from '../../core/errors.ts';
import type { SessionName } from '../../core/names.ts';
import type { TmuxStart } from '../../ports/tmux.ts';
import type { SessionLook } from '../../ports/tmux-ui.ts';
import { BAR_RIGHT, CONFIG_MARK, ROLE_MARK } from './config.ts';
import { formatText, wholeWord } from './quote.ts';

/** tmux refuses a whole command of 16 KiB and more. */
const MAX_COMMAND_BYTES = 16 * 1024 - 512;
/** Set on the pane in which a host runs, and on those of gt's own windows: the others are the user's. */
const HOST_MARK = '@gt_host';
const TOOL_MARK = '@gt_tool';

const DEFAULT_SIZE = { columns: 200, rows: 50 } as const;

/** `-t abc` would also match abc-1; `=abc` alone is not understood by every command, `=abc:` is. */
function target(session: SessionName): string {
  return `=${session}:`;
}

/** Session names are letters, digits, _ and -: they go last, so nothing in a line can be confused. */
const PANE_FORMAT = `#{session_created} #{session_attached} #{session_windows} #{pane_dead} #{pane_pid} #{pane_id} #{?${HOST_MARK},host,#{?${TOOL_MARK},tool,user}} #{?${CONFIG_MARK},#{${CONFIG_MARK}},-} #{session_name}`;

export const listPanesArgv: readonly string[] = ['list-panes', '-a', '-F', PANE_FORMAT];

export interface PaneLine {
  readonly session: string;
  /** Unix ms. */
  readonly created: number;
  readonly attached: number;
  readonly windows: number;
  readonly dead: boolean;
  readonly pid: number;
  /** `%3` */
  readonly pane: string;
  readonly isHost: boolean;
  /** The host's, or of a window that gt has opened. */
  readonly isOurs: boolean;
  /** Which settings its server has. */
  readonly config: string;
}

/** Lines of `listPanesArgv`; one that does not fit the format is left out. */
export function parsePanes(stdout: string): readonly PaneLine[] {
  return stdout.split('\n').flatMap((line) => {
    const [, created, attached, windows, dead, pid, pane = '', owner, config = '', session = ''] =
      /^(\d+) (\d+) (\d+) ([01]?) (\d+) (%\d+) (host|tool|user) (\S+) (.+)$/.exec(line) ?? [];
    if (created === undefined) return [];
    return [
      {
        session,
        created: Number(created) * 1000,
        attached: Number(attached),
        windows: Number(windows),
        dead: dead === '1',
        pid: Number(pid),
        pane,
        isHost: owner === 'host',
        isOurs: owner !== 'user',
        config,
      },
    ];
  });
}

/** A new session whose first pane is the host's. */
export function newSessionArgv(spec: TmuxStart): readonly string[] {
  const { columns, rows } = DEFAULT_SIZE;
  const size = ['-x', String(columns), '-y', String(rows)];
  const create = ['new-session', '-d', '-s', spec.session, '-n', 'agent', ...size, ...placeWords(spec)];
  return bounded([...create, ';', ...hostMark(spec.session), ';', ...lookWords(target(spec.session), spec)]);
}

/** The host's pane of an existing session is used again. */
export function respawnArgv(spec: TmuxStart, pane: string): readonly string[] {
  return bounded(['respawn-pane', '-k', '-t', pane, ...placeWords(spec), ';', ...lookWords(pane, spec)]);
}

/** A session in which only panes of the user are left gets a window for the host. */
export function newWindowArgv(spec: TmuxStart): readonly string[] {
  const create = ['new-window', '-t', target(spec.session), '-n', 'agent', ...placeWords(spec)];
  return bounded([...create, ';', ...hostMark(spec.session)]);
}

/** A window of gt beside the agent's; one of that name is gone to. It leaves nothing when its program ends. */
export function windowArgv(session: SessionName, name: string, argv: readonly string[]): readonly string[] {
  const at = ['-t', `=${session}:=${name}`];
  const open = ['new-window', '-S', '-t', target(session), '-n', name, '--', ...argv.map(wholeWord)];
  const mark = ['set-option', '-p', ...at, TOOL_MARK, '1'];
  return [...open, ';', ...mark, ';', 'set-option', '-w', ...at, 'remain-on-exit', 'off'];
}

/** @param pane the host's: its session and window are meant */
export function dressArgv(look: SessionLook, pane: string): readonly string[] {
  return bounded(lookWords(pane, { look }));
}

function hostMark(session: SessionName): readonly string[] {
  return ['set-option', '-p', '-t', target(session), HOST_MARK, '1'];
}

export function killPaneArgv(pane: string): readonly string[] {
  return ['kill-pane', '-t', pane];
}

export function attachWords(session: SessionName): readonly string[] {
  return ['attach-session', '-t', target(session)];
}

export function switchWords(session: SessionName, client?: string): readonly string[] {
  return ['switch-client', ...(client === undefined ? [] : ['-c', client]), '-t', target(session)];
}

export const killServerArgv: readonly string[] = ['kill-server'];
export const socketPathArgv: readonly string[] = ['display-message', '-p', '#{socket_path}'];

/** A single word would go through a shell; two and more are run as they are. */
function placeWords({ cwd, env, argv }: TmuxStart): readonly string[] {
  const words = argv.length === 1 ? ['env', ...argv] : argv;
  return [
    '-c',
    wholeWord(formatText(cwd)),
    ...Object.entries(env).flatMap(([name, value]) => ['-e', wholeWord(`${name}=${value}`)]),
    '--',
    ...words.map(wholeWord),
  ];
}

/** The bar and the colours of a session. @param at a pane or session it can be found by */
function lookWords(at: string, { look }: Pick<TmuxStart, 'look'>): readonly string[] {
  const { address, label, colours, tint } = look;
  const set = (...words: readonly string[]): readonly string[] => ['set-option', '-t', at, ...words];
  const style = colours === undefined ? ['-u', 'status-style'] : ['status-style', styleOf(colours)];
  const window = tint === undefined ? ['-u', 'window-style'] : ['window-style', styleOf({ bg: tint })];
  const settings = [
    set(ROLE_MARK, wholeWord(address)),
    set('status-left', wholeWord(`${formatText(label)} `)),
    set('status-right', BAR_RIGHT),
    set(...style),
    set('-w', ...window),
  ];
  return settings.flatMap((words, index) => (index === 0 ? words : [';', ...words]));
}

function styleOf(colours: { readonly bg: string; readonly fg?: string }): string {
  return [`bg=${colours.bg}`, ...(colours.fg === undefined ? [] : [`fg=${colours.fg}`])].join(',');
}

function bounded(words: readonly string[]): readonly string[] {
  const bytes = words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
  if (bytes > MAX_COMMAND_BYTES) {
    throw new BugError({
      code: 'bug.tmux-command-too-long',
      message: `a tmux command of ${bytes} bytes: tmux takes less than 16 KiB, put the rest into start.json`,
    });
  }
  return words;
}
