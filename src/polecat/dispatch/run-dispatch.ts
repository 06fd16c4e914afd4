import type { TownContext } from '../../beads/context.ts';
import type { SlingContext } from '../../beads/forms/sling-context.ts';
import type { AgentAddress } from '../../core/address.ts';
import { ExternalError, GtError, messageOf } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { heldEverywhere } from '../../hooks/find-hooked.ts';
import type { StartPoint } from '../../hooks/start-point.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import type { Rig } from '../../rig/registry.ts';
import { wantAgent } from '../../town/wanted.ts';
import { readCapacity } from '../read-capacity.ts';
import { carryOut } from './carry-out.ts';
import type { CarriedOut, Progress } from './carry-out.ts';
import type { Batch } from './convoy-wish.ts';
import type { Dispatch, Recipient } from './dispatch.ts';
import { reserveDog } from './dogs.ts';
import { hookBead, hookFull } from './hook-bead.ts';
import type { Hooking } from './hook-bead.ts';
import { lockHook } from './lock-hook.ts';
import { dropReservation, reserveWorker } from './reserve.ts';
import { undoDispatch } from './undo.ts';

/** A bead that passed F1: what is to be done with it. */
export interface DispatchOrder extends Hooking {
  readonly to: Recipient;
  /** Where the worktree starts, when that was looked up just now. */
  readonly start?: StartPoint | undefined;
  /** Skip the look at slots; they were waived. */
  readonly anySlot: boolean;
  readonly queued?: SlingContext | undefined;
  readonly batch?: Batch | undefined;
}

export type DispatchOutcome =
  { readonly kind: 'dispatched'; readonly dispatch: Dispatch; readonly done: CarriedOut } | NoSlot;

/** No slot or folder of the rig after all; nothing was changed. */
export interface NoSlot {
  readonly kind: 'no-slot';
  readonly rig: Rig;
  readonly why: string;
}

const POOL_WAIT_MS = 60_000;

/**
 * F2-F7 of one bead, to whomever it goes. A failure after the hook transaction is undone here and thrown; a kill
 * leaves rows that the daemon carries on (`roll-forward.ts`). The lock of the worker's worktree, or of another agent's
 * hook, is held from before the transaction to the end: nobody takes the dispatch for abandoned while this process lives.
 */
export async function runDispatch(ctx: TownContext, order: DispatchOrder): Promise<DispatchOutcome> {
  await using locks = new AsyncDisposableStack();
  const hooked = await reserveAndHook(ctx, order, locks);
  if (hooked.kind === 'no-slot') return hooked;
  const { dispatch, published } = hooked;
  const progress: Progress = {};
  try {
    const known = { start: order.start, published };
    const done = await carryOut(ctx, dispatch, { batch: order.batch, progress, known });
    return { kind: 'dispatched', dispatch, done };
  } catch (error) {
    throw await undoAndExplain(ctx, order, { dispatch, error, progress });
  }
}

type Hooked =
  { readonly kind: 'hooked'; readonly dispatch: Dispatch; readonly published?: Sha | undefined } | NoSlot;

/** F2 and F3. Where one of several is chosen, the lock of their pool keeps others from choosing it in between. */
async function reserveAndHook(
  ctx: TownContext,
  order: DispatchOrder,
  locks: AsyncDisposableStack,
): Promise<Hooked> {
  const { to } = order;
  switch (to.kind) {
    case 'worker':
      return reserveWorkerAndHook(ctx, { order, to, locks });
    case 'dog': {
      await using _lock = await lockPool(ctx, 'pool-dogs', order);
      ctx.failpoint('F2', 'before');
      const name = await reserveDog(ctx, to.named);
      ctx.failpoint('F2', 'after');
      const address = { role: 'dog', name } as const;
      locks.use(await lockHook(ctx, address, { purpose: `sling ${order.bead.id}`, waitMs: POOL_WAIT_MS }));
      return await hook(ctx, order, { address });
    }
    case 'standing':
      return reserveStandingAndHook(ctx, { order, to, locks });
  }
}

interface ForStanding {
  readonly order: DispatchOrder;
  readonly to: Extract<Recipient, { kind: 'standing' }>;
  readonly locks: AsyncDisposableStack;
}

/** An agent of the town may have work in any database: what another sling has given it meanwhile is seen under its lock. */
async function reserveStandingAndHook(ctx: TownContext, { order, to, locks }: ForStanding): Promise<Hooked> {
  const { bead } = order;
  ctx.failpoint('F2', 'before');
  locks.use(await lockHook(ctx, to.address, { purpose: `sling ${bead.id}`, waitMs: POOL_WAIT_MS }));
  const { held } = await heldEverywhere(ctx, to.address);
  const other = held.find(({ id }) => id !== bead.id);
  if (other !== undefined) throw hookFull(to.address, other);
  ctx.failpoint('F2', 'after');
  return hook(ctx, order, { address: to.address });
}

function lockPool(ctx: TownContext, pool: `pool-${string}`, { bead }: DispatchOrder) {
  return ctx.ports.locks.acquire(pool, { waitMs: POOL_WAIT_MS, purpose: `sling ${bead.id}` });
}

async function hook(
  ctx: TownContext,
  order: DispatchOrder,
  whom: { readonly address: AgentAddress; readonly rig?: Rig },
): Promise<{ readonly kind: 'hooked'; readonly dispatch: Dispatch }> {
  await wantAgent(ctx, whom.address);
  ctx.failpoint('F3', 'before');
  const dispatch = await hookBead(ctx, { ...order, address: whom.address, rig: whom.rig });
  ctx.failpoint('F3', 'after');
  return { kind: 'hooked', dispatch };
}

interface ForWorker {
  readonly order: DispatchOrder;
  readonly to: Extract<Recipient, { kind: 'worker' }>;
  readonly locks: AsyncDisposableStack;
}

async function reserveWorkerAndHook(ctx: TownContext, { order, to, locks }: ForWorker): Promise<Hooked> {
  const { rig, named, orAny } = to;
  const { bead, terms } = order;
  await using _lock = await lockPool(ctx, `pool-${rig.name}`, order);
  ctx.failpoint('F2', 'before');
  const capacity = order.anySlot ? ({ free: true } as const) : await readCapacity(ctx, rig);
  if (!capacity.free) return { kind: 'no-slot', rig, why: capacity.why };
  const reservation = await reserveWorker(ctx, { rig, bead: bead.id, named, orAny, preferred: terms.worker });
  if (reservation.kind === 'full') return { kind: 'no-slot', rig, why: reservation.why };
  ctx.failpoint('F2', 'after');
  const { worker } = reservation;
  try {
    locks.use(await lockWorktree(ctx, rig, { worker, purpose: `sling ${bead.id}` }));
    const address = { role: 'polecat', rig: rig.name, name: worker } as const;
    return { ...(await hook(ctx, order, { address, rig })), published: reservation.published };
  } finally {
    await dropReservation(ctx, rig, worker);
  }
}

interface Failure {
  readonly dispatch: Dispatch;
  readonly error: unknown;
  readonly progress: Progress;
}

async function undoAndExplain(ctx: TownContext, order: DispatchOrder, failure: Failure): Promise<unknown> {
  const { dispatch, error, progress } = failure;
  const { bead: before, queued, fresh } = order;
  const why = messageOf(error);
  try {
    await undoDispatch(ctx, { dispatch, before, queued, isFresh: fresh !== undefined, progress, why });
    return error;
  } catch (second) {
    if (!(second instanceof GtError)) throw second;
    return new ExternalError({
      code: 'sling.half-done',
      message: `${order.bead.id} is on ${dispatch.bead.assignee}, but starting it failed (${why}) and so did taking it back: ${messageOf(second)}`,
      hint: `Run: gt up (carries it on), or gt unsling ${order.bead.id}`,
      cause: error,
    });
  }
}
