import { ensureConvoy } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import type { SessionName } from '../../core/names.ts';
import type { Topic } from '../../hooks/start-prompt.ts';
import { findStartPoint } from '../../hooks/start-point.ts';
import { provisionWorktree } from '../../hooks/worktree.ts';
import type { Provisioned } from '../../hooks/worktree.ts';
import { resolveRuntime } from '../../runtimes/resolve.ts';
import { lastConversation } from '../../sessions/last-conversation.ts';
import { startSession } from '../../sessions/start.ts';
import { emitEvent } from '../../town/events.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { convoyWish } from './convoy-wish.ts';
import type { Batch } from './convoy-wish.ts';
import type { Dispatch } from './dispatch.ts';
import { priorBranchOf } from './dispatch.ts';
import { firstPrompt } from './first-prompt.ts';

export interface CarriedOut {
  readonly session: SessionName;
  readonly worktree: Provisioned;
  /** A convoy was made for this dispatch. */
  readonly newConvoy: boolean;
  readonly runtime: string;
}

/** Filled in as the steps succeed, so that a failure knows what there is to undo. */
export interface Progress {
  newConvoy?: boolean;
}

export interface CarryOut {
  readonly batch?: Batch | undefined;
  readonly progress: Progress;
  /** Default `assigned`. With `restart` it goes on with the last conversation, if its runtime can. */
  readonly topic?: Topic | undefined;
}

/** F4-F7: convoy, worktree, session, events. Every step can be repeated and does nothing where it was done. */
export async function carryOut(
  ctx: TownContext,
  dispatch: Dispatch,
  { batch, progress, topic = 'assigned' }: CarryOut,
): Promise<CarriedOut> {
  ctx.failpoint('F4', 'before');
  progress.newConvoy = await makeConvoy(ctx, dispatch, batch);
  ctx.failpoint('F4', 'after');
  ctx.failpoint('F5', 'before');
  const worktree = await makeWorktree(ctx, dispatch);
  ctx.failpoint('F5', 'after');
  ctx.failpoint('F6', 'before');
  const runtime = await start(ctx, dispatch, { cwd: worktree.path, topic });
  ctx.failpoint('F6', 'after');
  ctx.failpoint('F7', 'before');
  await announce(ctx, dispatch, worktree);
  ctx.failpoint('F7', 'after');
  const session = sessionOf(dispatch.address, dispatch.rig.prefix);
  return { session, worktree, newConvoy: progress.newConvoy, runtime };
}

async function makeConvoy(ctx: TownContext, dispatch: Dispatch, batch: Batch | undefined): Promise<boolean> {
  const wish = convoyWish({ ...dispatch, batch });
  return wish !== undefined && (await ensureConvoy(ctx, wish)) === 'created';
}

async function makeWorktree(ctx: TownContext, dispatch: Dispatch): Promise<Provisioned> {
  const { rig, worker, bead, token, branch, base, terms } = dispatch;
  const start = await findStartPoint(ctx, rig, { base, prior: priorBranchOf(terms) });
  return provisionWorktree(ctx, {
    rig,
    worker,
    bead: bead.id,
    dispatch: token,
    branch,
    start: start.prior ?? start.base,
  });
}

async function start(
  ctx: TownContext,
  dispatch: Dispatch,
  { cwd, topic }: { readonly cwd: string; readonly topic: Topic },
): Promise<string> {
  const { rig, worker, address, spawn, bead, branch, terms } = dispatch;
  const runtime = await resolveRuntime(ctx, { agent: terms.agent, role: 'polecat', rig: rig.name, worker });
  const last = await ctx.ports.panes.observe(sessionOf(address, rig.prefix));
  await startSession(ctx, {
    address,
    prefix: rig.prefix,
    spawn,
    runtime,
    cwd,
    bead: bead.id,
    branch,
    prompt: firstPrompt({ dispatch, sender: ctx.actor, now: ctx.ports.clock.now(), topic }),
    resume: topic === 'restart' ? lastConversation(last, runtime, bead.id) : undefined,
  });
  return runtime.name;
}

async function announce(ctx: TownContext, dispatch: Dispatch, worktree: Provisioned): Promise<void> {
  const { rig, worker, address, bead, spawn } = dispatch;
  const payload = { bead: bead.id, target: formatAddress(address), rig: rig.name };
  await emitEvent(ctx, { type: 'sling', payload });
  await emitEvent(ctx, { type: 'spawn', payload: { rig: rig.name, polecat: worker, bead: bead.id, spawn } });
  for (const ref of worktree.rescued) {
    await emitEvent(ctx, { type: 'rescue', payload: { rig: rig.name, polecat: worker, ref } });
  }
  await wakeDaemon(ctx, 'sling');
}
