import type { TownContext } from '../beads/context.ts';
import {
  closeSlingContexts,
  parseSlingContext,
  recordDispatchFailure,
} from '../beads/forms/sling-context.ts';
import { formatAddress } from '../core/address.ts';
import { BugError, GtError, messageOf } from '../core/errors.ts';
import { giveUpBead } from '../polecat/give-up.ts';
import { dispatchPlanned, prepare } from '../polecat/sling/dispatch-planned.ts';
import { planSling } from '../polecat/sling/plan.ts';
import type { SlingPlan } from '../polecat/sling/plan.ts';
import { readSlingFacts } from '../polecat/sling/read-facts.ts';
import type { SlingFacts } from '../polecat/sling/facts.ts';
import { emitEvent } from '../town/events.ts';
import { readTownSettings } from '../town/settings.ts';
import { readWanted } from '../town/wanted.ts';
import { readQueue } from './queue.ts';
import type { QueuedBead } from './queue.ts';

/** What one pass over the queue did. */
export interface QueueReport {
  readonly dispatched: readonly { readonly bead: string; readonly worker: string }[];
  readonly waiting: readonly { readonly bead: string; readonly why: string }[];
  /** Dispatches that failed now; `blocked` = given up. */
  readonly failed: readonly { readonly bead: string; readonly why: string; readonly blocked: boolean }[];
  /** Queue rows closed because their bead needs no worker any more. */
  readonly dropped: readonly { readonly bead: string; readonly why: string }[];
}

type Outcome =
  | { readonly kind: 'dispatched'; readonly worker: string }
  | { readonly kind: 'waiting'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly blocked: boolean }
  | { readonly kind: 'dropped'; readonly why: string };

/**
 * Dispatches queued beads, priority first, then age, as far as they are unblocked and slots are free. A town that
 * is down dispatches nothing. One bead that fails does not stop the others.
 */
export async function dispatchQueue(ctx: TownContext): Promise<QueueReport> {
  if ((await readWanted(ctx)).town === 'down') return reportOf([]);
  const queue = await readQueue(ctx);
  const settings = await readTownSettings(ctx);
  const limit = settings.get('scheduler.batch_size') ?? Number.POSITIVE_INFINITY;
  const outcomes: (readonly [string, Outcome])[] = [];
  for (const { rig, context } of queue.lost) {
    outcomes.push([
      context.workBead,
      await drop(ctx, { rig, bead: context.workBead, why: 'the bead is deleted' }),
    ]);
  }
  let started = 0;
  for (const item of queue.waiting) {
    if (started >= limit) break;
    if (started > 0) await ctx.ports.clock.sleep(settings.get('scheduler.spawn_delay'));
    const outcome = await tryOne(ctx, item);
    if (outcome.kind === 'dispatched') started += 1;
    outcomes.push([item.bead.id, outcome]);
  }
  return reportOf(outcomes);
}

async function tryOne(ctx: TownContext, item: QueuedBead): Promise<Outcome> {
  const { rig, bead } = item;
  try {
    const facts = await readSlingFacts(ctx, { bead, to: { kind: 'worker', rig }, options: {} });
    return await carry(ctx, { item, facts, plan: planSling(facts) });
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof BugError) throw error;
    return countFailure(ctx, item, messageOf(error));
  }
}

interface Carry {
  readonly item: QueuedBead;
  readonly facts: SlingFacts;
  readonly plan: SlingPlan;
}

async function carry(ctx: TownContext, { item, facts, plan }: Carry): Promise<Outcome> {
  const { rig, bead } = item;
  switch (plan.do) {
    case 'queue':
      return { kind: 'waiting', why: plan.why };
    case 'nothing':
      return drop(ctx, { rig, bead: bead.id, why: `it is on ${plan.on}` });
    case 'refuse':
      return isOver(facts)
        ? drop(ctx, { rig, bead: bead.id, why: messageOf(plan.error) })
        : { kind: 'waiting', why: messageOf(plan.error) };
    case 'dispatch': {
      const prepared = await prepare(ctx, facts, plan);
      const outcome = await dispatchPlanned(ctx, { facts, plan, prepared });
      if (outcome.kind === 'no-slot') return { kind: 'waiting', why: outcome.why };
      const { address } = outcome.dispatch;
      return { kind: 'dispatched', worker: 'name' in address ? address.name : formatAddress(address) };
    }
  }
}

/** The bead needs no dispatch any more; everything else (deferred, parked rig, held) may pass. */
function isOver({ bead, holder }: SlingFacts): boolean {
  return bead.status === 'closed' || holder.kind !== 'nobody';
}

async function drop(
  ctx: TownContext,
  row: { readonly rig: QueuedBead['rig']; readonly bead: string; readonly why: string },
): Promise<Outcome> {
  const ledger = await ctx.ledgers.open(row.rig.database);
  await ledger.transaction(formatAddress(ctx.actor), (tx) => closeSlingContexts(tx, row.bead, row.why));
  return { kind: 'dropped', why: row.why };
}

/** Counted on the row; after the last one the bead is blocked instead of failing for ever (P11). */
async function countFailure(ctx: TownContext, item: QueuedBead, why: string): Promise<Outcome> {
  const { rig, bead, context } = item;
  const ledger = await ctx.ledgers.open(rig.database);
  const counted = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const row = (await tx.get(context.bead.id)) ?? context.bead;
    const known = parseSlingContext(row)?.dispatchFailures ?? 0;
    // The undo of a dispatch that failed late has counted it already.
    return known > context.dispatchFailures ? known : recordDispatchFailure(tx, context, why);
  });
  const limit = (await readTownSettings(ctx)).get('operational.witness.max_bead_respawns');
  const blocked = counted >= limit;
  await emitEvent(ctx, {
    type: 'scheduler_dispatch_failed',
    payload: { bead: bead.id, rig: rig.name, reason: why },
  });
  if (blocked)
    await giveUpBead(ctx, { rig, bead, cause: `Given up after ${counted} failed dispatches: ${why}` });
  return { kind: 'failed', why, blocked };
}

function reportOf(outcomes: readonly (readonly [string, Outcome])[]): QueueReport {
  return {
    dispatched: outcomes.flatMap(([bead, outcome]) =>
      outcome.kind === 'dispatched' ? [{ bead, worker: outcome.worker }] : [],
    ),
    waiting: outcomes.flatMap(([bead, outcome]) =>
      outcome.kind === 'waiting' ? [{ bead, why: outcome.why }] : [],
    ),
    failed: outcomes.flatMap(([bead, outcome]) =>
      outcome.kind === 'failed' ? [{ bead, why: outcome.why, blocked: outcome.blocked }] : [],
    ),
    dropped: outcomes.flatMap(([bead, outcome]) =>
      outcome.kind === 'dropped' ? [{ bead, why: outcome.why }] : [],
    ),
  };
}
