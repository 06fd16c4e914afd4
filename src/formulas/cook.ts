import { applyAdvice } from './advice.ts';
import { checkSteps } from './check.ts';
import { applyBranches, applyGates } from './compose.ts';
import { readCondition } from './conditions.ts';
import { expandAlone, expandByRules, expandInline, type FormulaSet } from './expand.ts';
import type { Formula, Step } from './formula.ts';
import { withParents } from './inherit.ts';
import { convoySteps } from './convoy.ts';
import { unrollLoops } from './loops.ts';
import { applyOverlay, type StepOverride } from './overlay.ts';
import { cannotCook } from './parse.ts';
import { flatten, mapSteps, mapTexts, removeSteps, stepIds } from './steps.ts';
import { defaultsOf, fillPlaces, placesIn, resolveValues, type Values } from './variables.ts';

export interface CookRequest {
  readonly name: string;
  readonly set: FormulaSet;
  /** Given values; absent = only compile: `{{places}}` and conditional steps stay. */
  readonly values?: Values;
  readonly overlay?: readonly StepOverride[];
}

/** A formula ready to be made: its own parents merged in, its steps final. */
export interface Cooked {
  readonly formula: Formula;
  readonly title: string;
  readonly description: string;
  readonly steps: readonly Step[];
  /** Every value used, defaults included; {} when only compiled. */
  readonly values: Values;
  /** Names that texts or conditions ask for. */
  readonly places: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Cooks a formula in the order: parents, loops, branches, gates, advice, inline expansions, compose expand and map,
 * aspects, overlay, conditions, values. Pure. Throws UsageError `formula.bad`, `formula.missing-var`, `formula.bad-var`.
 */
export function cook({ name, set, values, overlay }: CookRequest): Cooked {
  const found = set.get(name);
  if (found === undefined) throw new RangeError(`formula ${name} is not in the set`);
  const formula = withParents(found, set);
  const shaped = shape(formula, set, { ...defaultsOf(formula), ...values });
  const { steps, warnings } = applyOverlay(shaped, overlay ?? []);
  checkSteps(formula, steps);
  const root = rootTexts(formula);
  const places = placesIn([root.title, root.description, ...textsOf(steps)]);
  if (values === undefined) return { formula, ...root, steps, values: {}, places, warnings };
  const resolved = resolveValues(formula, values, places);
  const wanted = removeSteps(steps, (step) => !isWanted(formula, step, resolved));
  const kept = mapSteps(wanted, (step) => ({ ...step, condition: undefined }));
  checkSteps(formula, kept);
  const fill = (text: string) => fillPlaces(text, resolved);
  const filled = { ...mapTexts(root, fill), steps: kept.map((step) => fillStep(step, fill)) };
  return { formula, ...filled, values: resolved, places, warnings };
}

/** Ids stay as they are: two of them must not become one. */
function fillStep(step: Step, fill: (text: string) => string): Step {
  const { id, needs, waits_for, children, ...texts } = step;
  const inner = children.map((child) => fillStep(child, fill));
  return { ...mapTexts(texts, fill), id, needs, waits_for, children: inner };
}

function shape(formula: Formula, set: FormulaSet, values: Values): readonly Step[] {
  if (formula.convoy !== undefined) return convoySteps(formula);
  if (formula.type === 'expansion') return expandInline(formula, expandAlone(formula, values), set);
  if (formula.type === 'aspect') {
    throw cannotCook(formula, 'an aspect has no steps of its own: name it in compose.aspects of a workflow');
  }
  let steps = unrollLoops(formula, formula.steps, values);
  steps = applyGates(formula, applyBranches(formula, steps));
  steps = applyAdvice(formula, steps, stepIds(steps));
  steps = expandByRules(formula, expandInline(formula, steps, set), set);
  // Expansions may bring loops of their own.
  steps = unrollLoops(formula, steps, values);
  return applyAspects(formula, steps, set);
}

function applyAspects(formula: Formula, steps: readonly Step[], set: FormulaSet): readonly Step[] {
  const original = stepIds(steps);
  return (formula.compose?.aspects ?? []).reduce((current, name) => {
    const aspect = set.get(name);
    if (aspect?.type !== 'aspect') {
      throw cannotCook(
        formula,
        `compose.aspects: ${name} is ${aspect === undefined ? 'not there' : 'no aspect'}`,
      );
    }
    return applyAdvice(withParents(aspect, set), current, original);
  }, steps);
}

/** What the root of the molecule says: the variables title and desc when the formula has them. */
function rootTexts(formula: Formula): { readonly title: string; readonly description: string } {
  return {
    title: formula.vars['title'] === undefined ? formula.formula : '{{title}}',
    description: formula.vars['desc'] === undefined ? formula.description : '{{desc}}',
  };
}

function isWanted(formula: Formula, step: Step, values: Values): boolean {
  const wanted = readCondition(step.condition ?? '', values);
  if (wanted !== undefined) return wanted;
  throw cannotCook(
    formula,
    `step ${step.id}: the condition ${step.condition} cannot be read: write {{v}}, !{{v}}, {{v}} == x or {{v}} != x`,
  );
}

function textsOf(steps: readonly Step[]): readonly string[] {
  const texts: string[] = [];
  mapTexts(
    flatten(steps).map((step) => ({ ...step, children: [] })),
    (text) => {
      texts.push(text);
      return text;
    },
  );
  return texts;
}
