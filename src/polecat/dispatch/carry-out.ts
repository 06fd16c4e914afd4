import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import { ensureConvoy } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import type { SessionName, Sha } from '../../core/names.ts';
import type { Topic } from '../../hooks/start-prompt.ts';
import { findStartPoint } from '../../hooks/start-point.ts';
import type { StartPoint } from '../../hooks/start-point.ts';
import { provisionWorktree } from '../../hooks/worktree.ts';
import type { Provisioned } from '../../hooks/worktree.ts';
import { resolveRuntime } from '../../runtimes/resolve.ts';
import { lastConversation } from '../../sessions/last-conversation.ts';
import { startSession } from '../../sessions/start.ts';
import { emitEvent } from '../../town/events.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { orderedWrapper } from '../script/rights.ts';
import { convoyWish } from './convoy-wish.ts';
import type { Batch } from './convoy-wish.ts';
import type { Dispatch, StandingDispatch, WorkerDispatch } from './dispatch.ts';
import { priorBranchOf } from './dispatch.ts';
import { firstPrompt } from './first-prompt.ts';
import { tellHolder } from './tell.ts';
import type { Told } from './tell.ts';

export interface CarriedOut extends Begun {
  readonly session: SessionName;
  /** A convoy was made for this dispatch. */
  readonly newConvoy: boolean;
  /** A daemon runs that watches over it. */
  readonly watched: boolean;
}

interface Begun {
  /** Of a session that was started. */
  readonly runtime?: string | undefined;
  /** A worker's. */
  readonly worktree?: Provisioned | undefined;
  /** How a standing agent learns of it. */
  readonly told?: Told | undefined;
}

/** Filled in as the steps succeed, so that a failure knows what there is to undo. */
export interface Progress {
  newConvoy?: boolean;
  /** The session of a standing agent was not up before. */
  starting?: boolean;
}

export interface CarryOut {
  readonly batch?: Batch | undefined;
  readonly progress: Progress;
  /** Default `assigned`. With `restart` it goes on with the last conversation, if its runtime can. */
  readonly topic?: Topic | undefined;
  readonly known?: Known;
}

/** What the sling has found out just before; whoever carries it on later looks again. */
export interface Known {
  readonly start?: StartPoint | undefined;
  /** Where the worktree stands, proved to be kept elsewhere. */
  readonly published?: Sha | undefined;
}

/** F4-F7: convoy, worktree, session, events. Every step can be repeated and does nothing where it was done. */
export async function carryOut(
  ctx: TownContext,
  dispatch: Dispatch,
  { batch, progress, topic = 'assigned', known = {} }: CarryOut,
): Promise<CarriedOut> {
  ctx.failpoint('F4', 'before');
  progress.newConvoy = await makeConvoy(ctx, dispatch, batch);
  ctx.failpoint('F4', 'after');
  ctx.failpoint('F5', 'before');
  const placed = await place(ctx, dispatch, known);
  ctx.failpoint('F5', 'after');
  ctx.failpoint('F6', 'before');
  const begun = await begin(ctx, placed, { progress, topic });
  ctx.failpoint('F6', 'after');
  ctx.failpoint('F7', 'before');
  const watched = await announce(ctx, dispatch, begun.worktree?.rescued ?? []);
  ctx.failpoint('F7', 'after');
  const prefix = dispatch.kind === 'worker' ? dispatch.rig.prefix : dispatch.place.prefix;
  const session = sessionOf(dispatch.address, prefix);
  return { ...begun, session, newConvoy: progress.newConvoy, watched };
}

async function makeConvoy(ctx: TownContext, dispatch: Dispatch, batch: Batch | undefined): Promise<boolean> {
  const { prefix } = await ctx.ledgers.of(dispatch.bead.id);
  const wish = convoyWish({ ...dispatch, prefix, batch });
  return wish !== undefined && (await ensureConvoy(ctx, wish)) === 'created';
}

/** Where the work will be done. */
type Placed =
  | { readonly kind: 'worker'; readonly dispatch: WorkerDispatch; readonly worktree: Provisioned }
  | { readonly kind: 'standing'; readonly dispatch: StandingDispatch };

async function place(ctx: TownContext, dispatch: Dispatch, known: Known): Promise<Placed> {
  if (dispatch.kind === 'worker')
    return { kind: 'worker', dispatch, worktree: await makeWorktree(ctx, dispatch, known) };
  await copyHook(ctx, dispatch);
  return { kind: 'standing', dispatch };
}

async function begin(
  ctx: TownContext,
  placed: Placed,
  { progress, topic }: { readonly progress: Progress; readonly topic: Topic },
): Promise<Begun> {
  if (placed.kind === 'worker') {
    const { dispatch, worktree } = placed;
    return { worktree, runtime: await startWorker(ctx, dispatch, { cwd: worktree.path, topic }) };
  }
  const told = await tellHolder(ctx, placed.dispatch, progress);
  return { told, ...(told.how === 'started' ? { runtime: told.runtime } : {}) };
}

async function makeWorktree(ctx: TownContext, dispatch: WorkerDispatch, known: Known): Promise<Provisioned> {
  const { rig, worker, bead, token, branch, base, terms } = dispatch;
  const start = known.start ?? (await findStartPoint(ctx, rig, { base, prior: priorBranchOf(terms) }));
  return provisionWorktree(ctx, {
    rig,
    worker,
    bead: bead.id,
    dispatch: token,
    branch,
    start: start.prior ?? start.base,
    published: known.published,
  });
}

/** The row of a town's agent lies in another database than a rig's bead: the copy there is written after the truth. */
async function copyHook(ctx: TownContext, { address, place, bead }: StandingDispatch): Promise<void> {
  const { database } = await ctx.ledgers.of(bead.id);
  if (database === place.database || address.role === 'overseer') return;
  const ledger = await ctx.ledgers.open(place.database);
  await ledger.transaction(formatAddress(ctx.actor), (tx) =>
    writeAgentRow(tx, address, place.prefix, { agentState: 'working', hookBead: bead.id }),
  );
}

async function startWorker(
  ctx: TownContext,
  dispatch: WorkerDispatch,
  { cwd, topic }: { readonly cwd: string; readonly topic: Topic },
): Promise<string> {
  const { rig, worker, address, spawn, bead, branch, terms } = dispatch;
  const found = await resolveRuntime(ctx, { agent: terms.agent, role: 'polecat', rig: rig.name, worker });
  const runtime = { ...found, execWrapper: [...orderedWrapper(bead), ...found.execWrapper] };
  const last = await ctx.ports.panes.observe(sessionOf(address, rig.prefix));
  await startSession(ctx, {
    address,
    prefix: rig.prefix,
    spawn,
    runtime,
    cwd,
    bead: bead.id,
    branch,
    account: terms.account,
    prompt: firstPrompt({ dispatch, sender: ctx.actor, now: ctx.ports.clock.now(), topic }),
    resume: topic === 'restart' ? lastConversation(last, runtime, bead.id) : undefined,
  });
  return runtime.name;
}

async function announce(ctx: TownContext, dispatch: Dispatch, rescued: readonly string[]): Promise<boolean> {
  const { address, bead } = dispatch;
  const rig = 'rig' in address ? { rig: address.rig } : {};
  const payload = { bead: bead.id, target: formatAddress(address), ...rig };
  await emitEvent(ctx, { type: 'sling', payload });
  if (dispatch.kind === 'worker') {
    const { rig, worker, spawn } = dispatch;
    const who = { rig: rig.name, polecat: worker };
    await emitEvent(ctx, { type: 'spawn', payload: { ...who, bead: bead.id, spawn } });
    for (const ref of rescued) await emitEvent(ctx, { type: 'rescue', payload: { ...who, ref } });
  }
  return wakeDaemon(ctx, 'sling');
}
