import { cannotCook } from './parse.ts';
import type { Formula, Step } from './formula.ts';
import { MAX_STEPS, flatten } from './steps.ts';

/** Refuses what could never run: no or too many steps, an id twice, needs of steps that are not there, circles. */
export function checkSteps(formula: Formula, steps: readonly Step[]): void {
  const all = flatten(steps);
  if (all.length > MAX_STEPS) throw cannotCook(formula, `it has ${all.length} steps, more than ${MAX_STEPS}`);
  const ids = new Set<string>();
  for (const { id } of all) {
    if (ids.has(id)) throw cannotCook(formula, `two steps have the id ${id}`);
    ids.add(id);
  }
  for (const step of all) {
    const missing = referencesOf(step).find((need) => !ids.has(need));
    if (missing !== undefined)
      throw cannotCook(formula, `step ${step.id} needs ${missing}, which is not there`);
  }
  const circle = findCircle(steps);
  if (circle !== undefined) throw cannotCook(formula, `steps wait for each other: ${circle.join(' -> ')}`);
}

function referencesOf(step: Step): readonly string[] {
  const spawner = spawnerOf(step);
  return spawner === undefined ? step.needs : [...step.needs, spawner];
}

/** The step whose children `waits_for` means: `children-of(x)`, else the first need. */
export function spawnerOf(step: Step): string | undefined {
  if (step.waits_for === undefined) return undefined;
  return /^children-of\((.+)\)$/.exec(step.waits_for)?.[1] ?? step.needs[0];
}

/** Ids of a circle, first again at the end. A child also waits for what its parent waits for. */
function findCircle(steps: readonly Step[]): readonly string[] | undefined {
  const waits = new Map<string, readonly string[]>();
  const collect = (group: readonly Step[], parent: string | undefined): void => {
    for (const step of group) {
      waits.set(step.id, [...referencesOf(step), ...(parent === undefined ? [] : [parent])]);
      collect(step.children, step.id);
    }
  };
  collect(steps, undefined);
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (state.get(id) === 'done') return undefined;
    if (state.get(id) === 'open') return [...path.slice(path.indexOf(id)), id];
    state.set(id, 'open');
    for (const next of waits.get(id) ?? []) {
      const circle = visit(next, [...path, id]);
      if (circle !== undefined) return circle;
    }
    state.set(id, 'done');
    return undefined;
  };
  for (const id of waits.keys()) {
    const circle = visit(id, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
