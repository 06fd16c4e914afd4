import { ExternalError, RefusedError, UnreadableError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { Files } from '../ports/files.ts';
import type { Processes } from '../ports/processes.ts';
import type { Tmux, TmuxSession, TmuxStart } from '../ports/tmux.ts';
import * as words from './tmux/argv.ts';
import type { PaneLine } from './tmux/argv.ts';
import { TMUX_CONFIG } from './tmux/config.ts';

export interface TmuxOptions {
  /** Name of the town's socket. */
  readonly socket: string;
  /** Where our settings are written, below the town. */
  readonly configFile: string;
  readonly files: Files;
  readonly processes: Processes;
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string>>;
}

type Tools = TmuxOptions & { readonly program: readonly [string, ...string[]] };

const ANSWER_MS = 15_000;
/** What tmux says when nothing runs on the socket; anything else is "could not look". */
const NO_SERVER =
  /no server running on|server exited unexpectedly|lost server|error connecting to .*\((?:No such file or directory|Connection refused)\)/;
/** What a server says that has just lost its last session and is about to end: it lives, and holds nothing. */
const EMPTY_SERVER = /no current target/;
const NO_SESSION = /can't find (?:session|window|pane)|no such session|session not found/;

/** tmux on the town's own socket and settings. RefusedError `tmux.default-socket` under GT_TEST=1. */
export function createTmux(options: TmuxOptions): Tmux {
  refuseDefault(options);
  const tools: Tools = {
    ...options,
    program: ['tmux', '-u', '-L', options.socket, '-f', options.configFile],
  };
  return {
    socket: options.socket,
    version: () => readVersion(tools),
    sessions: async () => sessionsOf(await readPanes(tools)),
    start: (spec) => startSession(tools, spec),
    kill: (session) => killSession(tools, session),
    stopServer: () => stopServer(tools),
    attachArgv: (session) => [...tools.program, ...words.attachWords(session)],
    attach: (session) => attach(tools, session),
    socketPath: () => readSocketPath(tools),
  };
}

function refuseDefault({ socket, env }: TmuxOptions): void {
  if (env['GT_TEST'] === '1' && (socket === 'default' || socket === '')) {
    throw new RefusedError({
      code: 'tmux.default-socket',
      message: "a test may not use the user's own tmux server",
    });
  }
}

async function readVersion(tools: Tools): Promise<string | undefined> {
  const path = tools.env['PATH'] ?? '/usr/bin:/bin';
  if ((await tools.processes.which('tmux', path)) === undefined) return undefined;
  const result = await tools.processes.run({
    argv: ['tmux', '-V'],
    env: cleanEnv(tools.env),
    timeoutMs: ANSWER_MS,
  });
  return result.end === 'exit' && result.code === 0 ? result.stdout.trim().replace(/^tmux /, '') : undefined;
}

async function readPanes(tools: Tools): Promise<readonly PaneLine[]> {
  const answer = await ask(tools, words.listPanesArgv);
  if (answer.ok) return words.parsePanes(answer.stdout);
  if (NO_SERVER.test(answer.why) || EMPTY_SERVER.test(answer.why)) return [];
  throw new UnreadableError({
    code: 'tmux.unreadable',
    message: `cannot list the sessions of tmux socket ${tools.socket}: ${answer.why}`,
  });
}

/** One line per session: its host's pane, else its oldest one. */
function sessionsOf(panes: readonly PaneLine[]): readonly TmuxSession[] {
  const names = [...new Set(panes.map((pane) => pane.session))].sort();
  return names.flatMap((name) => {
    const own = panes.filter((pane) => pane.session === name);
    const pane = own.find((entry) => entry.isHost) ?? own[0];
    if (pane === undefined) return [];
    const { created, attached, dead, pid } = pane;
    return [{ name: name as SessionName, created, attached, paneDead: dead, panePid: pid }];
  });
}

async function startSession(tools: Tools, spec: TmuxStart): Promise<void> {
  const own = (await readPanes(tools)).filter((pane) => pane.session === spec.session);
  const host = own.find((pane) => pane.isHost);
  if (host !== undefined) return change(tools, words.respawnArgv(spec, host.pane));
  if (own.length > 0) return change(tools, words.newWindowArgv(spec));
  await tools.files.writeAtomic(tools.configFile, TMUX_CONFIG, { mode: 0o600 });
  return change(tools, words.newSessionArgv(spec));
}

/** Only the host's pane goes: a pane that a person opened beside it keeps the session (P19). */
async function killSession(tools: Tools, session: SessionName): Promise<void> {
  const own = (await readPanes(tools)).filter((pane) => pane.session === session);
  for (const pane of own.filter((entry) => entry.isHost)) {
    const answer = await ask(tools, words.killPaneArgv(pane.pane));
    if (!answer.ok && !NO_SESSION.test(answer.why) && !NO_SERVER.test(answer.why))
      throw failed(tools, answer.why);
  }
}

async function stopServer(tools: Tools): Promise<void> {
  if ((await readPanes(tools)).length > 0) return;
  const answer = await ask(tools, words.killServerArgv);
  if (!answer.ok && !NO_SERVER.test(answer.why)) throw failed(tools, answer.why);
}

async function readSocketPath(tools: Tools): Promise<string | undefined> {
  const answer = await ask(tools, words.socketPathArgv);
  if (answer.ok) return answer.stdout.trim();
  if (NO_SERVER.test(answer.why)) return undefined;
  throw new UnreadableError({ code: 'tmux.unreadable', message: `cannot ask tmux: ${answer.why}` });
}

async function attach(tools: Tools, session: SessionName): Promise<void> {
  const outer = tools.env['TMUX'] ?? '';
  if (outer === '') return foreground(tools, [...tools.program, ...words.attachWords(session)]);
  // TMUX is `<socket path>,<server pid>,<session>`.
  if (outer.split(',')[0]?.endsWith(`/${tools.socket}`) === true) {
    return change(tools, words.switchWords(session), tools.env);
  }
  throw new RefusedError({
    code: 'tmux.nested',
    message: 'this terminal is inside another tmux, and the town has its own server',
    hint: `Open another terminal, or run: TMUX= ${[...tools.program, ...words.attachWords(session)].join(' ')}`,
  });
}

async function foreground(tools: Tools, argv: readonly [string, ...string[]]): Promise<void> {
  const end = await tools.processes.run({ argv, env: tools.env, terminal: true });
  if (end.end === 'exit' && end.code === 0) return;
  throw failed(tools, end.end === 'exit' ? `attach ended with ${end.code}` : `attach: ${end.end}`);
}

async function change(
  tools: Tools,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = await ask(tools, args, env);
  if (!answer.ok) throw failed(tools, answer.why);
}

type Answer = { readonly ok: true; readonly stdout: string } | { readonly ok: false; readonly why: string };

async function ask(
  tools: Tools,
  args: readonly string[],
  env: Readonly<Record<string, string>> = cleanEnv(tools.env),
): Promise<Answer> {
  const result = await tools.processes.run({ argv: [...tools.program, ...args], env, timeoutMs: ANSWER_MS });
  switch (result.end) {
    case 'exit':
      if (result.code === 0) return { ok: true, stdout: result.stdout };
      return { ok: false, why: result.stderr.trim() || `tmux ended with ${result.code}` };
    case 'not-started':
      return { ok: false, why: result.why };
    case 'signal':
    case 'timeout':
    case 'aborted':
      return { ok: false, why: `tmux did not answer (${result.end})` };
  }
}

const SERVER_ENV = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TERM',
  'TZ',
  'TMUX_TMPDIR',
  'GT_TEST_RUN',
];

/**
 * What the server keeps and hands to every pane: whoever starts it first must not leak an identity or secrets.
 */
function cleanEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    SERVER_ENV.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function failed(tools: Tools, why: string): ExternalError {
  return new ExternalError({
    code: 'tmux.failed',
    message: `tmux (socket ${tools.socket}): ${why}`,
    hint: `Look yourself: tmux -L ${tools.socket} list-sessions`,
  });
}
