import { cannotCook } from './parse.ts';
import type { Formula, Step } from './formula.ts';
import { mapSteps, stepIds, withNeeds } from './steps.ts';

/** Forks and joins of `compose.branch`: the branch steps come after `from`, `join` after all of them. */
export function applyBranches(formula: Formula, steps: readonly Step[]): readonly Step[] {
  const more = new Map<string, string[]>();
  for (const branch of formula.compose?.branch ?? []) {
    requireSteps(formula, steps, {
      where: 'compose.branch',
      ids: [branch.from, branch.join, ...branch.steps],
    });
    for (const id of branch.steps) more.set(id, [...(more.get(id) ?? []), branch.from]);
    more.set(branch.join, [...(more.get(branch.join) ?? []), ...branch.steps]);
  }
  return mapSteps(steps, (step) => withNeeds(step, more.get(step.id) ?? []));
}

/**
 * `compose.gate`: "after a step is complete" becomes a need of that step; any other condition a gate that a person
 * opens, because no program could decide it.
 */
export function applyGates(formula: Formula, steps: readonly Step[]): readonly Step[] {
  const ids = stepIds(steps);
  let changed = steps;
  for (const { before, condition } of formula.compose?.gate ?? []) {
    requireSteps(formula, steps, { where: 'compose.gate', ids: [before] });
    const step = /^(\S+)\.status\s*==\s*['"]?(?:complete|completed|closed|done)['"]?$/.exec(
      condition.trim(),
    )?.[1];
    changed = mapSteps(changed, (target) => {
      if (target.id !== before) return target;
      if (step !== undefined && ids.has(step)) return withNeeds(target, [step]);
      if (target.gate !== undefined)
        throw cannotCook(formula, `compose.gate: step ${before} has a gate already`);
      return { ...target, gate: { type: 'human', await_id: condition } };
    });
  }
  return changed;
}

function requireSteps(
  formula: Formula,
  steps: readonly Step[],
  wanted: { readonly where: string; readonly ids: readonly string[] },
): void {
  const ids = stepIds(steps);
  const missing = wanted.ids.find((id) => !ids.has(id));
  if (missing !== undefined) throw cannotCook(formula, `${wanted.where}: there is no step ${missing}`);
}
