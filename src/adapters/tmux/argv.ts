import { BugError } from '../../core/errors.ts';
import type { SessionName } from '../../core/names.ts';
import type { TmuxStart } from '../../ports/tmux.ts';

/** tmux refuses a whole command of 16 KiB and more. */
const MAX_COMMAND_BYTES = 16 * 1024 - 512;
/** Set on the pane in which a host runs: other panes of the session are the user's. */
const HOST_MARK = '@gt_host';

const DEFAULT_SIZE = { columns: 200, rows: 50 } as const;

/** `-t abc` would also match abc-1; `=abc` alone is not understood by every command, `=abc:` is. */
function target(session: SessionName): string {
  return `=${session}:`;
}

/** Session names are letters, digits, _ and -: they go last, so nothing in a line can be confused. */
const PANE_FORMAT = `#{session_created} #{session_attached} #{pane_dead} #{pane_pid} #{pane_id} #{?${HOST_MARK},1,0} #{session_name}`;

export const listPanesArgv: readonly string[] = ['list-panes', '-a', '-F', PANE_FORMAT];

export interface PaneLine {
  readonly session: string;
  /** Unix ms. */
  readonly created: number;
  readonly attached: number;
  readonly dead: boolean;
  readonly pid: number;
  /** `%3` */
  readonly pane: string;
  readonly isHost: boolean;
}

/** Lines of `listPanesArgv`; one that does not fit the format is left out. */
export function parsePanes(stdout: string): readonly PaneLine[] {
  return stdout.split('\n').flatMap((line) => {
    const [, created, attached, dead, pid, pane = '', host, session = ''] =
      /^(\d+) (\d+) ([01]?) (\d+) (%\d+) ([01]) (.+)$/.exec(line) ?? [];
    if (created === undefined) return [];
    return [
      {
        session,
        created: Number(created) * 1000,
        attached: Number(attached),
        dead: dead === '1',
        pid: Number(pid),
        pane,
        isHost: host === '1',
      },
    ];
  });
}

/** A new session whose first pane is the host's. */
export function newSessionArgv(spec: TmuxStart): readonly string[] {
  return bounded([
    'new-session',
    '-d',
    '-s',
    spec.session,
    '-n',
    'agent',
    '-x',
    String(DEFAULT_SIZE.columns),
    '-y',
    String(DEFAULT_SIZE.rows),
    ...placeWords(spec),
    ';',
    'set-option',
    '-p',
    '-t',
    target(spec.session),
    HOST_MARK,
    '1',
    ';',
    ...labelWords(spec),
  ]);
}

/** The host's pane of an existing session is used again. */
export function respawnArgv(spec: TmuxStart, pane: string): readonly string[] {
  return bounded(['respawn-pane', '-k', '-t', pane, ...placeWords(spec), ';', ...labelWords(spec)]);
}

/** A session in which only panes of the user are left gets a window for the host. */
export function newWindowArgv(spec: TmuxStart): readonly string[] {
  return bounded([
    'new-window',
    '-t',
    target(spec.session),
    '-n',
    'agent',
    ...placeWords(spec),
    ';',
    'set-option',
    '-p',
    '-t',
    target(spec.session),
    HOST_MARK,
    '1',
  ]);
}

export function killPaneArgv(pane: string): readonly string[] {
  return ['kill-pane', '-t', pane];
}

export function attachWords(session: SessionName): readonly string[] {
  return ['attach-session', '-t', target(session)];
}

export function switchWords(session: SessionName): readonly string[] {
  return ['switch-client', '-t', target(session)];
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

function labelWords({ session, label }: TmuxStart): readonly string[] {
  return ['set-option', '-t', target(session), 'status-left', wholeWord(`${formatText(label)} `)];
}

/** `#` starts a format, in a start folder as in a label. */
function formatText(text: string): string {
  return text.replaceAll('#', '##');
}

/** A word that ends in `;` would separate two tmux commands. */
function wholeWord(word: string): string {
  return word.endsWith(';') ? `${word.slice(0, -1)}\\;` : word;
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
