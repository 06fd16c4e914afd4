import { ensureConvoy } from '../beads/forms/convoy-row.ts';
import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { UsageError } from '../core/errors.ts';
import { shortHash } from '../core/short-hash.ts';
import { planConvoy } from '../formulas/convoy.ts';
import { cookFormula, townKitchen } from '../formulas/kitchen.ts';
import { findFormula } from '../formulas/library.ts';
import { blueprintOf } from '../formulas/molecule/blueprint.ts';
import type { Values } from '../formulas/variables.ts';
import type { SlingResult } from '../polecat/sling/result.ts';
import { runSling } from '../polecat/sling/run.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { planConvoyRun, planWorkflowRun, type FormulaRun } from './formula-plan.ts';

export interface FormulaRequest {
  readonly rig: Rig;
  /** '' = the rig's `workflow.default_formula`. */
  readonly name: string;
  readonly values: Values;
  readonly preset?: string | undefined;
  readonly agent?: string | undefined;
}

/** What running a formula comes to; nothing is written. UsageError and NotFoundError of the formula. */
export async function planFormulaRun(ctx: TownContext, request: FormulaRequest): Promise<FormulaRun> {
  const { rig, values, preset, agent } = request;
  const kitchen = townKitchen(ctx, rig.name);
  const name = request.name === '' ? await defaultFormula(ctx, rig) : request.name;
  const { formula } = await findFormula(kitchen, name);
  const hash = () => shortHash(ctx.ports.random.bytes(5));
  const names = { formula: formula.formula, rig: rig.name, prefix: rig.prefix, hash };
  if (formula.convoy !== undefined) {
    const wish = { inputs: values, reviewId: hash() };
    const chosen = {
      ...(preset === undefined ? {} : { preset }),
      ...(agent === undefined ? {} : { agent }),
    };
    return planConvoyRun(planConvoy(formula, { ...wish, ...chosen }), names);
  }
  if (preset !== undefined) {
    throw new UsageError({
      code: 'formula.unknown-preset',
      message: `${formula.formula} is a ${formula.type}: only convoy formulas have presets`,
    });
  }
  const cooked = await cookFormula(kitchen, { name, values });
  return planWorkflowRun(blueprintOf(cooked), names, {
    agent: agent ?? cooked.formula.agent,
    reviewOnly: cooked.formula.review_only ?? false,
  });
}

/**
 * Writes the beads in one transaction of the rig, then the row of the town that tracks them, then slings each: what
 * is not ready yet waits in the queue, so the daemon goes on with it.
 */
export async function runFormula(
  ctx: TownContext,
  rig: Rig,
  run: FormulaRun,
): Promise<readonly SlingResult[]> {
  const ledger = await ctx.ledgers.open(rig.database);
  const beads = run.beads.map(({ bead }) => bead);
  await ledger.transaction(formatAddress(ctx.actor), (tx) => tx.createGraph({ beads, edges: run.edges }));
  const work = run.beads.filter((bead) => bead.isWork);
  const members = work.map(({ bead }) => ({ id: bead.id, prefix: rig.prefix }));
  await ensureConvoy(ctx, { ...run.root, members });
  const results: SlingResult[] = [];
  for (const { bead, agent, reviewOnly } of work) {
    const options = { agent, reviewOnly: reviewOnly || undefined };
    results.push(...(await runSling(ctx, { words: [bead.id, rig.name], options })));
  }
  return results;
}

async function defaultFormula(ctx: TownContext, rig: Rig): Promise<string> {
  const name = (await readRigSettings(ctx, rig)).get('workflow.default_formula');
  if (name !== undefined && name !== '') return name;
  throw new UsageError({
    code: 'formula.no-name',
    message: `which formula? ${rig.name} has no default (workflow.default_formula)`,
    hint: 'Run: gt formula list',
  });
}
