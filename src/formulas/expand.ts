import { cannotCook } from './parse.ts';
import type { Formula, Step } from './formula.ts';
import { matchesGlob } from './glob.ts';
import { exits, fillBraces, flatten, mapSteps, mapTexts, redirectNeeds, startAfter } from './steps.ts';
import { defaultsOf, type Values } from './variables.ts';

/** Expansions inside expansions. */
const MAX_DEPTH = 5;

/** All formulas that one formula names, by name. */
export type FormulaSet = ReadonlyMap<string, Formula>;

interface Wish {
  readonly target: Step;
  readonly with: string;
  readonly vars: Values;
}

/** Steps with `expand = "<expansion>"` become that expansion's steps; nested at most five deep. */
export function expandInline(formula: Formula, steps: readonly Step[], set: FormulaSet): readonly Step[] {
  let current = steps;
  for (let depth = 0; ; depth += 1) {
    const wishes = flatten(current).flatMap((target) =>
      target.expand === undefined ? [] : [{ target, with: target.expand, vars: target.expand_vars ?? {} }],
    );
    const [first] = wishes;
    if (first === undefined) return current;
    if (depth >= MAX_DEPTH) {
      throw cannotCook(
        formula,
        `expansions are nested deeper than ${MAX_DEPTH}: ${first.with} at ${first.target.id}`,
      );
    }
    current = grant(formula, current, { wishes, set });
  }
}

/** The rules of `compose.expand` and `compose.map`; a step is expanded once. */
export function expandByRules(formula: Formula, steps: readonly Step[], set: FormulaSet): readonly Step[] {
  const done = new Set<string>();
  let current = steps;
  for (const rule of formula.compose?.expand ?? []) {
    const target = flatten(current).find((step) => step.id === rule.target);
    if (target === undefined) {
      if (done.has(rule.target)) continue;
      throw cannotCook(formula, `compose.expand: there is no step ${rule.target}`);
    }
    done.add(target.id);
    current = grant(formula, current, { wishes: [{ target, with: rule.with, vars: rule.vars ?? {} }], set });
  }
  for (const rule of formula.compose?.map ?? []) {
    const matching = flatten(current).filter(
      (step) => matchesGlob(rule.select, step.id) && !done.has(step.id),
    );
    // The outermost: what lies inside goes with it.
    const inner = new Set(matching.flatMap((step) => flatten(step.children).map((child) => child.id)));
    const wishes = matching
      .filter((step) => !inner.has(step.id))
      .map((target) => ({ target, with: rule.with, vars: rule.vars ?? {} }));
    for (const { target } of wishes) done.add(target.id);
    current = grant(formula, current, { wishes, set });
  }
  return expandInline(formula, current, set);
}

/** The steps of an expansion that is cooked by itself. */
export function expandAlone(formula: Formula, given: Values): readonly Step[] {
  const target = {
    id: 'main',
    title: formula.formula,
    description: formula.description,
    needs: [],
    children: [],
  };
  return stepsFor(formula, target, { ...defaultsOf(formula), ...given });
}

function grant(
  formula: Formula,
  steps: readonly Step[],
  { wishes, set }: { readonly wishes: readonly Wish[]; readonly set: FormulaSet },
): readonly Step[] {
  const made = new Map<string, readonly Step[]>();
  for (const wish of wishes) {
    const expansion = set.get(wish.with);
    if (expansion?.type !== 'expansion' || expansion.template.length === 0) {
      throw cannotCook(
        formula,
        `step ${wish.target.id} cannot expand to ${wish.with}: it is ${expansion === undefined ? 'not there' : 'no expansion with a template'}`,
      );
    }
    const inner = stepsFor(expansion, wish.target, { ...defaultsOf(expansion), ...wish.vars });
    made.set(
      wish.target.id,
      startAfter(
        inner.map((step) => inherit(step, wish.target)),
        wish.target.needs,
      ),
    );
  }
  const replaced = mapSteps(steps, (step) => made.get(step.id) ?? step);
  return redirectNeeds(replaced, new Map([...made].map(([id, inner]) => [id, exits(inner)] as const)));
}

/** What decides about the target decides about each of its pieces. */
function inherit(step: Step, target: Step): Step {
  return {
    ...step,
    ...(step.condition === undefined && target.condition !== undefined
      ? { condition: target.condition }
      : {}),
    ...(step.assignee === undefined && target.assignee !== undefined ? { assignee: target.assignee } : {}),
  };
}

function stepsFor(expansion: Formula, target: Step, values: Values): readonly Step[] {
  const places = {
    ...values,
    target: target.id,
    'target.id': target.id,
    'target.title': target.title,
    'target.description': target.description ?? '',
  };
  return mapTexts(expansion.template, (text) => fillBraces(text, places));
}
