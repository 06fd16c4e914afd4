import { newConvoyId } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { BugError, GtError } from '../../core/errors.ts';
import type { Rig } from '../../rig/registry.ts';
import type { Batch } from '../dispatch/convoy-wish.ts';
import { dispatchPlanned, newOrders, prepare } from './dispatch-planned.ts';
import type { Prepared } from './dispatch-planned.ts';
import { enqueueBead } from './enqueue.ts';
import type { SlingFacts } from './facts.ts';
import type { SlingItem } from './form.ts';
import { inGroups } from './in-groups.ts';
import { checkOptions } from './options.ts';
import type { SlingOptions } from './options.ts';
import { planSling } from './plan.ts';
import { readSlingFacts } from './read-facts.ts';
import { readForm } from './read-form.ts';
import type { SlingResult } from './result.ts';

export interface SlingRequest {
  /** Beads or a formula, and perhaps a target last. */
  readonly words: readonly string[];
  readonly options: SlingOptions;
  /** Only say what would be done. */
  readonly dryRun?: boolean;
}

/**
 * `gt sling`: gives each bead to a worker of the rig or to the agent that is named, or puts it into the queue. One bead
 * that fails does not stop the others; its error is in its result.
 */
export async function runSling(ctx: TownContext, request: SlingRequest): Promise<readonly SlingResult[]> {
  checkOptions(request.options);
  const { items, options } = await readForm(ctx, request.words, request.options);
  const convoy = chooseConvoy(ctx, options);
  const batch = items.length < 2 ? undefined : await batchOf(ctx, items);
  const dryRun = request.dryRun === true;
  return inGroups(items, options.maxConcurrent ?? 1, (item) =>
    slingOne(ctx, { item, options, convoy, batch, dryRun }),
  );
}

async function batchOf(ctx: TownContext, items: readonly SlingItem[]): Promise<Batch> {
  const members = await Promise.all(
    items.map(async ({ bead }) => ({ id: bead.id, prefix: (await ctx.ledgers.of(bead.id)).prefix })),
  );
  const places = new Set(items.map(({ to }) => (to.kind === 'worker' ? to.rig.name : to.kind)));
  return { title: `Batch: ${items.length} beads to ${[...places].join(', ')}`, members };
}

/** Chosen once, before anything is written: beads slung together share it (spec 11 F3, F4). */
function chooseConvoy(ctx: TownContext, options: SlingOptions): string | undefined {
  return options.noConvoy === true ? undefined : newConvoyId(ctx.ports.random.bytes(5));
}

interface One {
  readonly item: SlingItem;
  readonly options: SlingOptions;
  readonly convoy: string | undefined;
  readonly batch: Batch | undefined;
  readonly dryRun: boolean;
}

async function slingOne(ctx: TownContext, one: One): Promise<SlingResult> {
  const { item, options, dryRun, batch } = one;
  const { bead } = item;
  try {
    ctx.failpoint('F1', 'before');
    const facts = await readSlingFacts(ctx, { ...item, options });
    const plan = planSling(facts);
    if (plan.do === 'refuse') throw plan.error;
    if (plan.do === 'nothing') return { kind: 'unchanged', bead, on: plan.on };
    const prepared = withConvoy(await prepare(ctx, facts, plan), facts, one);
    ctx.failpoint('F1', 'after');
    const { notes } = prepared;
    if (dryRun) return { kind: 'planned', bead, plan, facts, prepared, notes };
    if (plan.do === 'queue') return await queue(ctx, { ...plan, facts, prepared, one });
    const outcome = await dispatchPlanned(ctx, { facts, plan, prepared, fresh: item.fresh, batch });
    return outcome.kind === 'no-slot'
      ? await queue(ctx, { ...outcome, facts, prepared, one })
      : { kind: 'dispatched', bead, dispatch: outcome.dispatch, done: outcome.done, notes };
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof BugError) throw error;
    return { kind: 'failed', bead, error };
  }
}

/** An open convoy that tracks the bead already is kept; `--no-convoy` makes none. */
function withConvoy(prepared: Prepared, facts: SlingFacts, one: One): Prepared {
  const { terms } = prepared;
  return { ...prepared, terms: { ...terms, convoy: facts.convoy ?? terms.convoy ?? one.convoy } };
}

interface Queue {
  readonly facts: SlingFacts;
  readonly prepared: Prepared;
  readonly one: One;
  readonly rig: Rig;
  readonly why: string;
}

async function queue(ctx: TownContext, { facts, prepared, one, rig, why }: Queue): Promise<SlingResult> {
  const { bead, now } = facts;
  const { terms, notes } = prepared;
  const watched = await enqueueBead(ctx, {
    bead,
    fresh: one.item.fresh,
    rig,
    terms,
    runtime: terms.agent ?? facts.runtime?.name,
    orders: newOrders(ctx, facts.options),
    batch: one.batch,
    now,
  });
  return { kind: 'queued', bead, why, watched, notes };
}
