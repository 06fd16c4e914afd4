import type { TownContext } from '../beads/context.ts';
import { ExternalError, UnavailableError } from '../core/errors.ts';
import { parseDaemonBars, parseDaemonView } from './daemon-protocol.ts';
import type { DaemonRequest, DaemonView } from './daemon-protocol.ts';
import { machineOf } from '../town/machine/state.ts';
import { startByUnit } from '../town/machine/supervisor.ts';
import { rotateDaemonLog } from './daemon-log.ts';
import { readDaemonStatus } from './daemon-status.ts';
import type { Bars } from './view/kept-bars.ts';

const START_MS = 10_000;
const STOP_MS = 10_000;
const KILL_GRACE_MS = 3000;
const NOBODY_LOOKS = 5;
const POLL_MS = 50;
const ANSWER_MS = 1000;
/** A pass may start several sessions. */
const PASS_MS = 120_000;
/** What names the caller must not name the daemon's children. */
const NOT_INHERITED =
  /^(?:GT_(?:ROLE|RIG|POLECAT|CREW|DOG_NAME|SESSION|AGENT|SPAWN|RUN|RUN_MARK|PANE_ID|TEST_STOP)|BD_ACTOR|BEADS_AGENT_NAME|GIT_AUTHOR_NAME|GIT_AUTHOR_EMAIL|GIT_COMMITTER_NAME|GIT_COMMITTER_EMAIL)$/;

export interface StartedDaemon {
  readonly pid: number;
  readonly how: 'started' | 'already';
}

/**
 * Starts the daemon detached and waits until it answers. ExternalError `daemon.not-started` with the last line of
 * its log.
 */
export async function startDaemon(ctx: TownContext): Promise<StartedDaemon> {
  const before = await readDaemonStatus(ctx);
  if (before.running) return { pid: before.pid, how: 'already' };
  await rotateDaemonLog(ctx);
  // Started by its supervisor it is started again when it fails, not only after the next login.
  if (await startByUnit(machineOf(ctx.ports, ctx.env), ctx.root))
    return { pid: await whenUp(ctx, () => Promise.resolve(true)), how: 'started' };
  const child = await ctx.ports.processes.startDetached({
    argv: [...ctx.gtArgv, 'daemon', 'run'],
    cwd: ctx.root,
    env: daemonEnv(ctx),
    logFile: ctx.paths.daemonLog,
  });
  const pid = await whenUp(ctx, () => ctx.ports.processes.isAlive(child));
  return { pid, how: pid === child.pid ? 'started' : 'already' };
}

function daemonEnv(ctx: TownContext): Record<string, string> {
  const kept = Object.entries(ctx.env).filter(([name]) => !NOT_INHERITED.test(name));
  return {
    ...Object.fromEntries(kept),
    GT_TOWN_ROOT: ctx.root,
    GT_LOG_LEVEL: ctx.env['GT_LOG_LEVEL'] ?? 'info',
  };
}

/** Until its socket answers; of two starts at once one wins and both see it. */
async function whenUp(ctx: TownContext, isStarting: () => Promise<boolean>): Promise<number> {
  const { clock } = ctx.ports;
  const until = clock.monotonic() + START_MS;
  // Who has just won against the child may not have said who it is: nobody counts only when seen a few times.
  for (let nobody = 0; nobody < NOBODY_LOOKS && clock.monotonic() < until;) {
    const view = await askDaemon(ctx, { op: 'status' }, ANSWER_MS);
    if (view !== undefined) return view.pid;
    const isThere = (await isStarting()) || (await readDaemonStatus(ctx)).running;
    nobody = isThere ? 0 : nobody + 1;
    await clock.sleep(POLL_MS);
  }
  throw new ExternalError({
    code: 'daemon.not-started',
    message: `the daemon did not start: ${await lastLogLine(ctx)}`,
    hint: 'Run: gt daemon logs',
  });
}

async function lastLogLine(ctx: TownContext): Promise<string> {
  const lines = ((await ctx.ports.files.readText(ctx.paths.daemonLog)) ?? '').trim().split('\n');
  return lines.at(-1) || 'its log is empty';
}

/** Asks the running daemon; undefined when none answers. */
export async function askDaemon(
  ctx: TownContext,
  request: DaemonRequest,
  timeoutMs = ANSWER_MS,
): Promise<DaemonView | undefined> {
  try {
    return parseDaemonView(await ctx.ports.ipc.request(ctx.paths.daemonSocket, request, timeoutMs));
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}

/** What the status bars show, drawn by the running daemon; undefined when none answers in time. */
export async function askDaemonForBars(ctx: TownContext): Promise<Bars | undefined> {
  try {
    return parseDaemonBars(await ctx.ports.ipc.request(ctx.paths.daemonSocket, { op: 'bars' }, ANSWER_MS));
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}

/** Lets the daemon look now and waits for the end of that look. False when no daemon answered. */
export async function passByDaemon(ctx: TownContext): Promise<boolean> {
  return (await askDaemon(ctx, { op: 'pass' }, PASS_MS)) !== undefined;
}

/** What `gt daemon stop` did; `left` = pids that would not end. */
export interface StoppedDaemon {
  readonly pid: number | undefined;
  readonly left: readonly number[];
}

/**
 * Ends the daemon: asked first, then TERM, 10 s, KILL, always exactly the process that holds the lock. Agents and
 * the Dolt server go on.
 */
export async function stopDaemon(ctx: TownContext): Promise<StoppedDaemon> {
  const status = await readDaemonStatus(ctx);
  if (!status.running) return { pid: undefined, left: [] };
  await askDaemon(ctx, { op: 'stop' });
  if (await isFree(ctx, STOP_MS)) return { pid: status.pid, left: [] };
  const process = await ctx.ports.processes.identify(status.pid);
  const known = status.start === undefined || process?.start === status.start;
  if (process === undefined || !known) return { pid: status.pid, left: [] };
  await ctx.ports.processes.signal(process, 'TERM');
  if (await isFree(ctx, STOP_MS)) return { pid: status.pid, left: [] };
  const left = await ctx.ports.processes.stopTree(process, KILL_GRACE_MS);
  return { pid: status.pid, left: left.map(({ pid }) => pid) };
}

async function isFree(ctx: TownContext, waitMs: number): Promise<boolean> {
  const { clock, locks } = ctx.ports;
  const until = clock.monotonic() + waitMs;
  for (;;) {
    if ((await locks.holder('daemon')) === undefined) return true;
    if (clock.monotonic() >= until) return false;
    await clock.sleep(POLL_MS);
  }
}
