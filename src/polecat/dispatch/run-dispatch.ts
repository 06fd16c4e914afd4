import type { TownContext } from '../../beads/context.ts';
import type { SlingContext, SlingTerms } from '../../beads/forms/sling-context.ts';
import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import { ExternalError, GtError, messageOf } from '../../core/errors.ts';
import type { WorkerName } from '../../core/names.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import type { Rig } from '../../rig/registry.ts';
import { readCapacity } from '../read-capacity.ts';
import { carryOut } from './carry-out.ts';
import type { CarriedOut, Progress } from './carry-out.ts';
import type { Batch } from './convoy-wish.ts';
import type { Dispatch } from './dispatch.ts';
import { hookBead } from './hook-bead.ts';
import { dropReservation, reserveWorker } from './reserve.ts';
import { undoDispatch } from './undo.ts';

/** A bead that passed F1: what is to be done with it. */
export interface DispatchOrder {
  readonly rig: Rig;
  readonly bead: Bead;
  readonly terms: SlingTerms;
  readonly runtime: string;
  readonly script?: ScriptOrder | undefined;
  readonly named?: WorkerName | undefined;
  /** Skip the look at slots; they were waived. */
  readonly anySlot: boolean;
  readonly queued?: SlingContext | undefined;
  readonly batch?: Batch | undefined;
}

export type DispatchOutcome =
  | { readonly kind: 'dispatched'; readonly dispatch: Dispatch; readonly done: CarriedOut }
  /** No slot or folder after all; nothing was changed. */
  | { readonly kind: 'no-slot'; readonly why: string };

const POOL_WAIT_MS = 60_000;

/**
 * F2-F7 of one bead. A failure after the hook transaction is undone here and thrown; a kill leaves rows that
 * `rollForwardDispatch` carries on. The worker's worktree lock is held from before the hook to the end: nobody
 * takes the dispatch for abandoned while this process lives.
 */
export async function runDispatch(ctx: TownContext, order: DispatchOrder): Promise<DispatchOutcome> {
  await using locks = new AsyncDisposableStack();
  const hooked = await reserveAndHook(ctx, order, locks);
  if (hooked.kind === 'no-slot') return hooked;
  const { dispatch } = hooked;
  const progress: Progress = {};
  try {
    const done = await carryOut(ctx, dispatch, { batch: order.batch, progress });
    return { kind: 'dispatched', dispatch, done };
  } catch (error) {
    throw await undoAndExplain(ctx, order, { dispatch, error, newConvoy: progress.newConvoy ?? false });
  }
}

type Hooked =
  | { readonly kind: 'hooked'; readonly dispatch: Dispatch }
  | { readonly kind: 'no-slot'; readonly why: string };

/** F2 and F3 under the rig's pool lock: nobody else picks a worker in between. */
async function reserveAndHook(
  ctx: TownContext,
  order: DispatchOrder,
  locks: AsyncDisposableStack,
): Promise<Hooked> {
  const { rig, bead, named, terms } = order;
  const purpose = `sling ${bead.id}`;
  await using _lock = await ctx.ports.locks.acquire(`pool-${rig.name}`, { waitMs: POOL_WAIT_MS, purpose });
  ctx.failpoint('F2', 'before');
  const capacity = order.anySlot ? ({ free: true } as const) : await readCapacity(ctx, rig);
  if (!capacity.free) return { kind: 'no-slot', why: capacity.why };
  const reservation = await reserveWorker(ctx, { rig, bead: bead.id, named, preferred: terms.worker });
  if (reservation.kind === 'full') return { kind: 'no-slot', why: reservation.why };
  ctx.failpoint('F2', 'after');
  const { worker } = reservation;
  try {
    locks.use(await lockWorktree(ctx, rig, { worker, purpose }));
    ctx.failpoint('F3', 'before');
    const { runtime, script } = order;
    const dispatch = await hookBead(ctx, { rig, bead, worker, terms, runtime, script });
    ctx.failpoint('F3', 'after');
    return { kind: 'hooked', dispatch };
  } finally {
    await dropReservation(ctx, rig, worker);
  }
}

interface Failure {
  readonly dispatch: Dispatch;
  readonly error: unknown;
  readonly newConvoy: boolean;
}

async function undoAndExplain(ctx: TownContext, order: DispatchOrder, failure: Failure): Promise<unknown> {
  const { dispatch, error, newConvoy } = failure;
  const why = messageOf(error);
  try {
    await undoDispatch(ctx, { dispatch, before: order.bead, queued: order.queued, newConvoy, why });
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
