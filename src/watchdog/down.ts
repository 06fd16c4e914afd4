import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import { setTownWanted } from '../town/wanted.ts';
import { stopDaemon } from './daemon-control.ts';
import type { Hands } from './hands.ts';
import { clearShuttingDown, writeShuttingDown } from './shutting-down.ts';
import { doomedSessions, liveSessions, stopEverything } from './stop-everything.ts';
import { stopStore } from './store-service.ts';
import { listSurvivors } from './survivors.ts';
import type { Survivor } from './survivors.ts';

/** What `gt down` did and what it could not end. */
export interface DownReport {
  readonly sessions: readonly SessionName[];
  readonly daemonPid: number | undefined;
  readonly storePid: number | undefined;
  readonly survivors: readonly Survivor[];
  readonly troubles: readonly string[];
}

export interface DownOptions {
  /** Crew goes on, and the ledger with it. */
  readonly spares?: 'crew' | undefined;
  /** Done when all agents have ended and the ledger still answers. */
  readonly tidy?: (() => Promise<void>) | undefined;
}

const LOCK_WAIT_MS = 60_000;

/**
 * Takes the town down, in the order that lets nothing come back: the wanted state is written first (whatever
 * starts something reads it), then agents, daemon, store; then it looks what still lives. Idempotent; held beads
 * stay held. Two at once: the second waits and finds nothing to do.
 */
export async function runDown(
  ctx: TownContext,
  hands: Hands,
  options: DownOptions = {},
): Promise<DownReport> {
  await using _lock = await ctx.ports.locks.acquire('shutdown', { waitMs: LOCK_WAIT_MS, purpose: 'gt down' });
  await writeShuttingDown(ctx);
  try {
    // The daemon ends by itself as soon as it reads that: later nobody would know its pid.
    const daemon = await ctx.ports.locks.holder('daemon');
    await setTownWanted(ctx, 'down', options);
    const report = await takeDown(ctx, hands, options);
    return { ...report, daemonPid: report.daemonPid ?? daemon?.pid };
  } finally {
    await clearShuttingDown(ctx);
  }
}

async function takeDown(ctx: TownContext, hands: Hands, { spares, tidy }: DownOptions): Promise<DownReport> {
  const troubles: string[] = [];
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      troubles.push(`${what}: ${messageOf(error)}`);
      return undefined;
    }
  };
  const sessions = (await step('sessions', () => doomedSessions(ctx))) ?? [];
  troubles.push(...((await step('sessions', () => stopEverything(ctx, hands))) ?? []));
  const daemon = await step('daemon', () => stopDaemon(ctx));
  // A sling that had read the wanted state before it changed may have started one more.
  troubles.push(...((await step('sessions', () => stopEverything(ctx, hands))) ?? []));
  await step('tmux', () => endTmux(ctx));
  if (tidy !== undefined) await step('worktrees', tidy);
  const needed = spares !== undefined && ((await step('sessions', () => liveSessions(ctx))) ?? []).length > 0;
  const storePid = needed ? undefined : await step('store', () => stopStore(ctx));
  const survivors = (await step('processes', () => listSurvivors(ctx))) ?? [];
  return { sessions, daemonPid: daemon?.pid, storePid, survivors, troubles };
}

/** Panes of ended agents go too; a session that people made on the town's socket keeps the server alive. */
async function endTmux(ctx: TownContext): Promise<void> {
  const { tmux } = ctx.ports;
  if ((await tmux.version()) === undefined) return;
  if ((await tmux.socketPath()) === undefined) return;
  const live = new Set(await liveSessions(ctx));
  const ours = new Set(await ctx.ports.panes.list());
  for (const { name } of await tmux.sessions()) {
    if (ours.has(name) && !live.has(name)) await tmux.kill(name);
  }
  await tmux.stopServer();
}
