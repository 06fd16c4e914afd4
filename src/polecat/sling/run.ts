import { newConvoyId } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import { formatAddress } from '../../core/address.ts';
import { BugError, GtError } from '../../core/errors.ts';
import { cookForBead } from '../../hooks/formula-work.ts';
import { findStartPoint } from '../../hooks/start-point.ts';
import type { Batch } from '../dispatch/convoy-wish.ts';
import { priorBranchOf } from '../dispatch/dispatch.ts';
import { runDispatch } from '../dispatch/run-dispatch.ts';
import { enqueueBead } from './enqueue.ts';
import type { SlingFacts } from './facts.ts';
import { checkOptions } from './options.ts';
import type { SlingOptions } from './options.ts';
import { planSling } from './plan.ts';
import type { SlingPlan } from './plan.ts';
import { readSlingFacts } from './read-facts.ts';
import type { SlingResult } from './result.ts';
import { takeOver } from './take-over.ts';
import { findSlingBeads, readSlingWords } from './words.ts';

export interface SlingRequest {
  /** Beads, and perhaps a target last. */
  readonly words: readonly string[];
  readonly options: SlingOptions;
  /** Only say what would be done. */
  readonly dryRun?: boolean;
}

/**
 * `gt sling`: gives each bead to a worker of the rig, or puts it into the queue. One bead that fails does not stop
 * the others; its error is in its result.
 */
export async function runSling(ctx: TownContext, request: SlingRequest): Promise<readonly SlingResult[]> {
  checkOptions(request.options);
  const { beads, target } = await findSlingBeads(ctx, await readSlingWords(ctx, request.words));
  const convoy = chooseConvoy(ctx, request.options);
  const members = beads.map((bead) => ({ id: bead.id, prefix: target.rig.prefix }));
  const batch =
    beads.length < 2 ? undefined : { title: `Batch: ${beads.length} beads to ${target.rig.name}`, members };
  const results: SlingResult[] = [];
  for (const bead of beads) {
    const subject = { bead, rig: target.rig, worker: target.worker, options: request.options };
    results.push(await slingOne(ctx, { request, subject, convoy, batch }));
  }
  return results;
}

interface One {
  readonly request: SlingRequest;
  readonly subject: Parameters<typeof readSlingFacts>[1];
  readonly convoy: string | undefined;
  readonly batch: Batch | undefined;
}

async function slingOne(ctx: TownContext, one: One): Promise<SlingResult> {
  const { bead } = one.subject;
  try {
    ctx.failpoint('F1', 'before');
    const facts = await readSlingFacts(ctx, one.subject);
    const plan = planSling(facts);
    if (plan.do === 'queue' || plan.do === 'dispatch')
      await cookForBead(ctx, { ...facts, terms: plan.terms });
    if (plan.do === 'dispatch') await checkStart(ctx, facts, plan.terms);
    ctx.failpoint('F1', 'after');
    if (one.request.dryRun === true && plan.do !== 'refuse') return { kind: 'planned', bead, plan, facts };
    return await carryPlan(ctx, { facts, plan, one });
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof BugError) throw error;
    return { kind: 'failed', bead, error };
  }
}

/** The base must exist before anything is written (F1). */
async function checkStart(ctx: TownContext, { rig }: SlingFacts, terms: SlingTerms): Promise<void> {
  await findStartPoint(ctx, rig, {
    base: terms.baseBranch ?? rig.defaultBranch,
    prior: priorBranchOf(terms),
  });
}

interface Carry {
  readonly facts: SlingFacts;
  readonly plan: SlingPlan;
  readonly one: One;
}

async function carryPlan(ctx: TownContext, { facts, plan, one }: Carry): Promise<SlingResult> {
  const { bead } = facts;
  switch (plan.do) {
    case 'refuse':
      throw plan.error;
    case 'nothing':
      return { kind: 'unchanged', bead, on: plan.on };
    case 'queue':
      return queue(ctx, {
        facts,
        terms: withConvoy(plan.terms, facts, one),
        why: plan.why,
        batch: one.batch,
      });
    case 'dispatch':
      return dispatch(ctx, { facts, plan, one });
  }
}

async function dispatch(
  ctx: TownContext,
  { facts, plan, one }: Carry & { readonly plan: Extract<SlingPlan, { do: 'dispatch' }> },
): Promise<SlingResult> {
  const terms = withConvoy(plan.terms, facts, one);
  const bead = plan.takeFrom === undefined ? facts.bead : await takeOver(ctx, facts, plan.takeFrom);
  const outcome = await runDispatch(ctx, {
    rig: facts.rig,
    bead,
    terms,
    runtime: terms.agent ?? facts.runtime.name,
    script: newScript(ctx, facts),
    named: facts.worker,
    anySlot: facts.options.force === true,
    queued: facts.queued,
    batch: one.batch,
  });
  if (outcome.kind === 'no-slot') return queue(ctx, { facts, terms, why: outcome.why, batch: one.batch });
  return { kind: 'dispatched', bead, dispatch: outcome.dispatch, done: outcome.done };
}

interface Queue {
  readonly facts: SlingFacts;
  readonly terms: SlingTerms;
  readonly why: string;
  readonly batch: Batch | undefined;
}

async function queue(ctx: TownContext, { facts, terms, why, batch }: Queue): Promise<SlingResult> {
  const watched = await enqueueBead(ctx, { facts, terms, batch, script: newScript(ctx, facts) });
  return { kind: 'queued', bead: facts.bead, why, watched };
}

/** An open convoy that tracks the bead already is kept; `--no-convoy` makes none. */
function withConvoy(terms: SlingTerms, facts: SlingFacts, one: One): SlingTerms {
  return { ...terms, convoy: facts.convoy ?? terms.convoy ?? one.convoy };
}

/** Chosen once, before anything is written: beads slung together share it (spec 11 F3, F4). */
function chooseConvoy(ctx: TownContext, options: SlingOptions): string | undefined {
  return options.noConvoy === true ? undefined : newConvoyId(ctx.ports.random.bytes(5));
}

function newScript(ctx: TownContext, { options }: SlingFacts): ScriptOrder | undefined {
  if (options.script === undefined) return undefined;
  const at = new Date(ctx.ports.clock.now()).toISOString();
  return { cmd: options.script, by: formatAddress(ctx.actor), at };
}
