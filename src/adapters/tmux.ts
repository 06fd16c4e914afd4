import { RefusedError, UnreadableError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { Tmux, TmuxSession, TmuxStart } from '../ports/tmux.ts';
import * as words from './tmux/argv.ts';
import type { PaneLine } from './tmux/argv.ts';
import {
  NO_SERVER,
  NO_SESSION,
  ANSWER_MS,
  ask,
  change,
  cleanEnv,
  failed,
  type TmuxOptions,
  type TmuxTools as Tools,
} from './tmux/call.ts';
import { configVersion, tmuxConfig } from './tmux/config.ts';
import { createTmuxUi } from './tmux/ui.ts';

/** What a server says that has just lost its last session and is about to end: it lives, and holds nothing. */
const EMPTY_SERVER = /no current target/;

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
    attach: (session) => attach(tools, session),
    socketPath: () => readSocketPath(tools),
    ui: createTmuxUi(tools, () => readPanes(tools)),
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
    const { created, attached, windows, dead, pid } = pane;
    return [{ name: name as SessionName, created, attached, windows, paneDead: dead, panePid: pid }];
  });
}

async function startSession(tools: Tools, spec: TmuxStart): Promise<void> {
  const all = await readPanes(tools);
  await tools.files.writeAtomic(tools.configFile, tmuxConfig(tools), { mode: 0o600 });
  const isOld = all.some(({ config }) => config !== configVersion(tools));
  const settings = isOld ? ['source-file', tools.configFile, ';'] : [];
  const own = all.filter((pane) => pane.session === spec.session);
  const host = own.find((pane) => pane.isHost);
  if (host !== undefined) return change(tools, [...settings, ...words.respawnArgv(spec, host.pane)]);
  if (own.length > 0) return change(tools, [...settings, ...words.newWindowArgv(spec)]);
  return change(tools, [...settings, ...words.newSessionArgv(spec)]);
}

/** Only gt's own panes go: a pane that a person opened beside it keeps the session (P19). */
async function killSession(tools: Tools, session: SessionName): Promise<void> {
  const own = (await readPanes(tools)).filter((pane) => pane.session === session);
  for (const pane of own.filter((entry) => entry.isOurs)) {
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
