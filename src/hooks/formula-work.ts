import type { TownContext } from '../beads/context.ts';
import type { SlingTerms } from '../beads/forms/sling-context.ts';
import type { Bead } from '../beads/types.ts';
import type { Cooked } from '../formulas/cook.ts';
import { cookFormula, townKitchen } from '../formulas/kitchen.ts';
import { flatten } from '../formulas/steps.ts';
import type { Values } from '../formulas/variables.ts';
import { UsageError } from '../core/errors.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { inert } from './inert.ts';

export interface FormulaWork {
  /** Whose settings fill in commands; undefined = work of the town. */
  readonly rig: Rig | undefined;
  readonly bead: Bead;
  readonly terms: SlingTerms;
}

/**
 * The formula that a bead is slung with, cooked for it: sling and prime get the same. undefined = slung without.
 * Throws NotFoundError `formula.not-found`, UsageError `formula.bad` `formula.missing-var` `formula.convoy`.
 */
export async function cookForBead(ctx: TownContext, work: FormulaWork): Promise<Cooked | undefined> {
  const { rig, terms } = work;
  if (terms.formula === undefined) return undefined;
  const cooked = await cookFormula(townKitchen(ctx, rig?.name), {
    name: terms.formula,
    values: await valuesFor(ctx, work),
  });
  if (cooked.formula.convoy === undefined) return cooked;
  throw new UsageError({
    code: 'formula.convoy',
    message: `${terms.formula} is a convoy formula: several agents work on it side by side`,
    hint: `Run: gt formula run ${terms.formula}`,
  });
}

const COMMANDS = ['setup', 'typecheck', 'lint', 'build', 'test'] as const;

/** The rig's own commands, what the bead says, what the caller gave: later ones win. */
async function valuesFor(ctx: TownContext, { rig, bead, terms }: FormulaWork): Promise<Values> {
  return {
    ...(rig === undefined ? {} : await rigValues(ctx, rig)),
    ...(terms.baseBranch === undefined ? {} : { base_branch: terms.baseBranch }),
    feature: inert(bead.title, 300),
    issue: bead.id,
    ...terms.vars,
  };
}

async function rigValues(ctx: TownContext, rig: Rig): Promise<Values> {
  const settings = await readRigSettings(ctx, rig);
  const commands = COMMANDS.flatMap((name) => {
    const command = settings.get(`merge_queue.${name}_command`) ?? '';
    return command === '' ? [] : [[`${name}_command`, command] as const];
  });
  return {
    ...Object.fromEntries(commands),
    base_branch: rig.defaultBranch,
    merge_strategy: settings.get('merge_queue.merge_strategy'),
    require_review: String(settings.get('merge_queue.require_review')),
    rig: rig.name,
  };
}

/** The steps as a checklist for the worker. */
export function renderFormulaSteps({ formula, steps }: Cooked): string {
  const parts = flatten(steps).map((step, at) =>
    [
      `### ${at + 1}. ${step.title} (${step.id})`,
      ...(step.description === undefined ? [] : ['', step.description.trim()]),
      ...(step.acceptance === undefined ? [] : ['', `Done when: ${step.acceptance.trim()}`]),
    ].join('\n'),
  );
  return [`Work through formula ${formula.formula}, step by step, in this order:`, ...parts].join('\n\n');
}
