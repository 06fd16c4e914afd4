import { NotFoundError, RefusedError, UnavailableError, UnreadableError, messageOf } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Ipc } from '../ports/ipc.ts';
import type { InjectOutcome, InjectRequest, PaneObservation, PaneState, Panes } from '../ports/panes.ts';
import type { Processes } from '../ports/processes.ts';
import { attachTerminal } from './panes/attach.ts';
import { lastScreenFile, type PaneFiles } from './panes/files.ts';
import type { PaneReply, PaneRequest } from './panes/protocol.ts';
import { parsePaneState } from './panes/state.ts';

export interface PanesOptions {
  /** The folder that holds them (`T/.runtime/panes`). */
  readonly folder: string;
  readonly filesOf: (session: SessionName) => PaneFiles;
  /** argv prefix that starts a host; the session follows. */
  readonly hostArgv: readonly [string, ...string[]];
  /** Words behind the session. */
  readonly hostWords: readonly string[];
  readonly files: Files;
  readonly ipc: Ipc;
  readonly processes: Processes;
  readonly clock: Clock;
}

const ANSWER_MS = 5000;
const POLL_MS = 50;
/** A child is reaped and its exit written within this. */
const EXIT_GRACE_MS = 1500;

/** Client of the pane hosts of one town. */
export function createPanes(options: PanesOptions): Panes {
  const { files, filesOf } = options;
  return {
    prepare: (start) =>
      files.writeAtomic(filesOf(start.session).start, `${JSON.stringify(start)}\n`, { mode: 0o600 }),
    hostArgv: (session) => [...options.hostArgv, session, ...options.hostWords],
    observe: (session) => observe(options, session),
    list: () => list(options),
    screen: (session, lines) => screen(options, session, lines),
    attach: async (session) => attachTerminal(filesOf(session).socket, await spawnOf(options, session)),
    inject: (session, request) => inject(options, session, request),
    ready: async (session, spawn, conversation) => {
      const told = conversation === undefined ? {} : { conversation };
      await ask(options, session, { op: 'ready', spawn, ...told });
    },
    restart: (session, spawn) => restart(options, session, spawn),
    stop: (session, waitMs) => stop(options, session, waitMs),
  };
}

async function readState(
  { files, filesOf }: PanesOptions,
  session: SessionName,
): Promise<PaneState | undefined> {
  const path = filesOf(session).state;
  const text = await files.readText(path);
  if (text === undefined) return undefined;
  try {
    return parsePaneState(JSON.parse(text));
  } catch (error) {
    throw new UnreadableError({ code: 'file.corrupt', message: `cannot read ${path}: ${messageOf(error)}` });
  }
}

async function observe(options: PanesOptions, session: SessionName): Promise<PaneObservation> {
  try {
    return await look(options, session);
  } catch (error) {
    if (error instanceof UnreadableError) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

/** Alive = host and child both run with the start times they had (DESIGN §4a). */
async function look(options: PanesOptions, session: SessionName): Promise<PaneObservation> {
  const { processes, clock } = options;
  const giveUp = clock.monotonic() + EXIT_GRACE_MS;
  for (;;) {
    const state = await readState(options, session);
    if (state === undefined) return { kind: 'none' };
    if (state.state === 'exited') return { kind: 'exited', state };
    const host = await processes.isAlive(state.host);
    const child = state.child === undefined || (await processes.isAlive(state.child));
    if (host && child) return { kind: 'live', state };
    // The child has ended and its host is about to write how; a dead host may have written it just now.
    const again = await readState(options, session);
    if (again?.state === 'exited') return { kind: 'exited', state: again };
    if (!host || clock.monotonic() >= giveUp) return { kind: 'gone', state };
    await clock.sleep(POLL_MS);
  }
}

async function list({ files, folder }: PanesOptions): Promise<readonly SessionName[]> {
  const names = ((await files.list(folder)) ?? []).flatMap(
    ({ name }) => /^(.+)\.state\.json$/.exec(name)?.[1] ?? [],
  );
  return names as readonly string[] as readonly SessionName[];
}

async function spawnOf(options: PanesOptions, session: SessionName): Promise<number> {
  const state = await readState(options, session);
  if (state === undefined) throw notRunning(session);
  return state.spawn;
}

/** One request to the session's host. NotFoundError `session.not-running` when nobody answers. */
async function ask(
  options: PanesOptions,
  session: SessionName,
  request: PaneRequest,
  extraMs = 0,
): Promise<PaneReply> {
  try {
    // The host is our own program: its answers have the shape of the protocol.
    const path = options.filesOf(session).socket;
    return (await options.ipc.request(path, request, ANSWER_MS + extraMs)) as PaneReply;
  } catch (error) {
    if (error instanceof UnavailableError) throw notRunning(session, error);
    throw error;
  }
}

async function screen(options: PanesOptions, session: SessionName, lines: number): Promise<string> {
  const state = await readState(options, session);
  if (state === undefined) throw notRunning(session);
  const kept = async (): Promise<string | undefined> => {
    const text = await options.files.readText(lastScreenFile(options.filesOf(session).state));
    return text?.trimEnd().split('\n').slice(-lines).join('\n');
  };
  if (state.state === 'exited') return (await kept()) ?? '';
  try {
    const reply = await ask(options, session, { op: 'screen', spawn: state.spawn, lines });
    return 'text' in reply ? reply.text : '';
  } catch (error) {
    const text = error instanceof NotFoundError ? await kept() : undefined;
    if (text === undefined) throw error;
    return text;
  }
}

async function inject(
  options: PanesOptions,
  session: SessionName,
  request: InjectRequest,
): Promise<InjectOutcome> {
  const state = await readState(options, session);
  if (state === undefined) throw notRunning(session);
  if (state.state === 'exited') return { sent: false, why: 'the agent has ended' };
  const reply = await ask(
    options,
    session,
    { op: 'inject', spawn: state.spawn, ...request },
    request.waitMs + 10_000,
  );
  if ('sent' in reply) return reply.sent ? { sent: true } : { sent: false, why: reply.why };
  return { sent: false, why: 'error' in reply ? reply.error : 'the host gave no outcome' };
}

async function stop(options: PanesOptions, session: SessionName, waitMs: number): Promise<boolean> {
  const { clock } = options;
  const until = clock.monotonic() + waitMs;
  const isGone = async (): Promise<boolean> => {
    const seen = await observe(options, session);
    if (seen.kind === 'none' || seen.kind === 'gone') return true;
    return seen.kind === 'exited' && !(await options.processes.isAlive(seen.state.host));
  };
  if (await isGone()) return true;
  try {
    await ask(options, session, { op: 'stop', spawn: await spawnOf(options, session) });
  } catch (error) {
    // No answer: it may have ended in this moment, which the loop finds out.
    if (!(error instanceof NotFoundError)) throw error;
  }
  while (clock.monotonic() < until) {
    if (await isGone()) return true;
    await clock.sleep(POLL_MS);
  }
  return isGone();
}

async function restart(options: PanesOptions, session: SessionName, spawn: number): Promise<void> {
  const reply = await ask(options, session, { op: 'restart', spawn });
  if (reply.ok) return;
  throw new RefusedError({
    code: 'pane.not-restarted',
    message: `session ${session} cannot be started anew: ${reply.error}`,
    hint: `Look at it: gt peek ${session}`,
  });
}

function notRunning(session: SessionName, cause?: unknown): NotFoundError {
  return new NotFoundError({
    code: 'session.not-running',
    message: `session ${session} is not running`,
    hint: 'Run: gt session list',
    cause,
  });
}
