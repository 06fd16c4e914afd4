import { cannotCook } from './parse.ts';
import type { Compose, Formula, Step } from './formula.ts';
import type { FormulaSet } from './expand.ts';

/** A formula with everything its parents say (`extends`), later parents and its own words winning. */
export function withParents(formula: Formula, set: FormulaSet, chain: readonly string[] = []): Formula {
  if (formula.extends.length === 0) return formula;
  if (chain.includes(formula.formula)) {
    throw cannotCook(formula, `it extends itself: ${[...chain, formula.formula].join(' -> ')}`);
  }
  const parents = formula.extends.map((name) => {
    const parent = set.get(name);
    if (parent === undefined) throw cannotCook(formula, `extends: there is no formula ${name}`);
    return withParents(parent, set, [...chain, formula.formula]);
  });
  const merged = [...parents, formula].reduce(merge);
  return { ...merged, formula: formula.formula, type: formula.type, extends: [], source: formula.source };
}

function merge(base: Formula, over: Formula): Formula {
  return {
    ...over,
    pour: over.pour ?? base.pour,
    phase: over.phase ?? base.phase,
    agent: over.agent ?? base.agent,
    review_only: over.review_only ?? base.review_only,
    squash: over.squash ?? base.squash,
    description: over.description === '' ? base.description : over.description,
    vars: { ...base.vars, ...over.vars },
    steps: mergeById(base.steps, over.steps),
    template: mergeById(base.template, over.template),
    compose: mergeCompose(base.compose, over.compose),
    advice: [...base.advice, ...over.advice],
    pointcuts: [...base.pointcuts, ...over.pointcuts],
    convoy: mergeConvoy(base, over),
  };
}

/** One with the same id takes the other's place, wherever it stands; new ones follow. */
function mergeById<T extends Pick<Step, 'id'>>(base: readonly T[], over: readonly T[]): readonly T[] {
  const own = new Map(over.map((item) => [item.id, item] as const));
  const known = new Set(base.map((item) => item.id));
  return [...base.map((item) => own.get(item.id) ?? item), ...over.filter((item) => !known.has(item.id))];
}

function mergeCompose(base: Compose | undefined, over: Compose | undefined): Compose | undefined {
  if (base === undefined || over === undefined) return over ?? base;
  return {
    expand: [...(base.expand ?? []), ...(over.expand ?? [])],
    map: [...(base.map ?? []), ...(over.map ?? [])],
    branch: [...(base.branch ?? []), ...(over.branch ?? [])],
    gate: [...(base.gate ?? []), ...(over.gate ?? [])],
    aspects: [...new Set([...(base.aspects ?? []), ...(over.aspects ?? [])])],
    bond_points: mergeById(base.bond_points ?? [], over.bond_points ?? []),
    hooks: [...(base.hooks ?? []), ...(over.hooks ?? [])],
  };
}

function mergeConvoy(base: Formula, over: Formula): Formula['convoy'] {
  if (base.convoy === undefined || over.convoy === undefined) return over.convoy ?? base.convoy;
  return {
    inputs: { ...base.convoy.inputs, ...over.convoy.inputs },
    prompts: { ...base.convoy.prompts, ...over.convoy.prompts },
    output: { ...base.convoy.output, ...over.convoy.output },
    legs: mergeById(base.convoy.legs, over.convoy.legs),
    synthesis: over.convoy.synthesis ?? base.convoy.synthesis,
    presets: { ...base.convoy.presets, ...over.convoy.presets },
  };
}
