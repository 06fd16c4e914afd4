import type { TownContext } from '../../beads/context.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import { SCRIPT_KEY, WRAPPER_KEY } from '../../beads/forms/sling-terms.ts';
import { formatAddress } from '../../core/address.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import type { Cooked } from '../../formulas/cook.ts';
import { cookForBead } from '../../hooks/formula-work.ts';
import { findStartPoint } from '../../hooks/start-point.ts';
import type { StartPoint } from '../../hooks/start-point.ts';
import type { Batch } from '../dispatch/convoy-wish.ts';
import { priorBranchOf } from '../dispatch/dispatch.ts';
import type { Hooking } from '../dispatch/hook-bead.ts';
import { runDispatch } from '../dispatch/run-dispatch.ts';
import type { DispatchOutcome } from '../dispatch/run-dispatch.ts';
import type { SlingFacts } from './facts.ts';
import { makeRoom } from './make-room.ts';
import type { SlingOptions } from './options.ts';
import type { SlingPlan } from './plan.ts';
import { takeOver } from './take-over.ts';
import { recipientName } from './targets.ts';

type Dispatching = Extract<SlingPlan, { do: 'dispatch' }>;

/** What could only be found out by trying, before anything is written (F1). */
export interface Prepared {
  readonly cooked: Cooked | undefined;
  readonly terms: SlingTerms;
  /** Of a polecat's worktree. */
  readonly start?: StartPoint | undefined;
  /** What is otherwise than usual. */
  readonly notes: readonly string[];
}

/** The base must exist and the formula must cook; the usual formula is left out when it does not. */
export async function prepare(
  ctx: TownContext,
  facts: SlingFacts,
  plan: Dispatching | Extract<SlingPlan, { do: 'queue' }>,
): Promise<Prepared> {
  const { terms } = plan;
  const [start, cooked] = await Promise.all([findStart(ctx, facts, plan), cook(ctx, facts, terms)]);
  return { start, ...cooked };
}

async function findStart(
  ctx: TownContext,
  { to }: SlingFacts,
  { do: what, terms }: Pick<SlingPlan, 'do'> & { readonly terms: SlingTerms },
): Promise<StartPoint | undefined> {
  if (what !== 'dispatch' || to.kind !== 'worker') return undefined;
  const base = terms.baseBranch ?? to.rig.defaultBranch;
  return findStartPoint(ctx, to.rig, { base, prior: priorBranchOf(terms) });
}

async function cook(ctx: TownContext, facts: SlingFacts, terms: SlingTerms): Promise<Prepared> {
  try {
    return { cooked: await cookForBead(ctx, { ...facts, terms }), terms, notes: [] };
  } catch (error) {
    if (!(error instanceof GtError) || isAskedFor(facts)) throw error;
    const notes = [`goes without formula ${terms.formula ?? ''}: ${messageOf(error)}`];
    return { cooked: undefined, terms: { ...terms, formula: undefined }, notes };
  }
}

function isAskedFor({ options, queued }: SlingFacts): boolean {
  return options.formula !== undefined || queued !== undefined || Object.keys(options.vars ?? {}).length > 0;
}

export interface Planned {
  readonly facts: SlingFacts;
  readonly plan: Dispatching;
  readonly prepared: Prepared;
  readonly fresh?: Hooking['fresh'];
  readonly batch?: Batch | undefined;
}

/** Carries out a plan to dispatch, whoever made it: first the bead and the hook are made free, then F2-F7. */
export async function dispatchPlanned(ctx: TownContext, planned: Planned): Promise<DispatchOutcome> {
  const { facts, plan, prepared, fresh, batch } = planned;
  const { takeFrom: from } = plan;
  const isDead = facts.holder.kind === 'held' && facts.holder.life === 'dead';
  const to = recipientName(facts.to);
  const bead = from === undefined ? facts.bead : await takeOver(ctx, { bead: facts.bead, from, to, isDead });
  await makeRoom(ctx, facts, facts.bead.id);
  return runDispatch(ctx, {
    bead,
    fresh,
    to: facts.to,
    terms: prepared.terms,
    runtime: prepared.terms.agent ?? facts.runtime?.name,
    orders: newOrders(ctx, facts.options),
    cooked: prepared.cooked,
    start: prepared.start,
    oldWisps: facts.oldWisps,
    anySlot: facts.options.force === true,
    queued: facts.queued,
    batch,
  });
}

/** What will make this machine run a program, with who said so; a wrapper without words takes an earlier one away. */
export function newOrders(
  ctx: TownContext,
  { script, execWrapper: argv }: SlingOptions,
): Readonly<Record<string, unknown>> {
  const by = { by: formatAddress(ctx.actor), at: new Date(ctx.ports.clock.now()).toISOString() };
  return {
    ...(script === undefined ? {} : { [SCRIPT_KEY]: { cmd: script, ...by } }),
    ...(argv === undefined ? {} : { [WRAPPER_KEY]: argv.length === 0 ? null : { argv, ...by } }),
  };
}
