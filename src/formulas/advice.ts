import type { Advice, AdviceStep, Formula, Step } from './formula.ts';
import { matchesGlob } from './glob.ts';
import { fillBraces, mapSteps, redirectNeeds, withNeeds } from './steps.ts';

/**
 * Puts steps before and after those that an aspect's advice names. Only steps in `original` are advised, so advice
 * never meets what advice made. The first step before takes over the target's needs; who needs the target also
 * waits for what comes after it.
 */
export function applyAdvice(
  aspect: Pick<Formula, 'advice' | 'pointcuts'>,
  steps: readonly Step[],
  original: ReadonlySet<string>,
): readonly Step[] {
  const followers = new Map<string, readonly string[]>();
  const around = new Map<string, { readonly before: readonly Step[]; readonly after: readonly Step[] }>();
  for (const step of steps.flatMap(allOf)) {
    if (!original.has(step.id)) continue;
    const rules = aspect.advice.filter((rule) => isMeant(aspect, rule, step));
    const before = chain(
      rules.flatMap((rule) => rule.before.map((made) => newStep(made, step))),
      step.needs,
    );
    const after = chain(
      rules.flatMap((rule) => rule.after.map((made) => newStep(made, step))),
      [step.id],
    );
    if (before.length + after.length === 0) continue;
    around.set(step.id, { before, after });
    const last = after.at(-1);
    if (last !== undefined) followers.set(step.id, [step.id, last.id]);
  }
  return mapSteps(redirectNeeds(steps, followers), (step) => {
    const made = around.get(step.id);
    if (made === undefined) return step;
    const last = made.before.at(-1);
    return [...made.before, last === undefined ? step : withNeeds(step, [last.id]), ...made.after];
  });
}

function allOf(step: Step): readonly Step[] {
  return [step, ...step.children.flatMap(allOf)];
}

function isMeant(aspect: Pick<Formula, 'pointcuts'>, rule: Advice, step: Step): boolean {
  if (rule.target !== undefined && !matchesGlob(rule.target, step.id)) return false;
  if (aspect.pointcuts.length === 0) return rule.target !== undefined;
  return aspect.pointcuts.some(
    (cut) =>
      (cut.glob === undefined || matchesGlob(cut.glob, step.id)) &&
      (cut.type === undefined || cut.type === (step.type ?? 'task')) &&
      (cut.label === undefined || (step.labels ?? []).includes(cut.label)),
  );
}

function newStep(made: AdviceStep, target: Step): Step {
  const fill = (text: string) => fillBraces(text, { 'step.id': target.id, 'step.title': target.title });
  const id = fill(made.id);
  return {
    id,
    title: fill(made.title ?? '') || id,
    ...(made.description === undefined ? {} : { description: fill(made.description) }),
    ...(made.type === undefined ? {} : { type: made.type }),
    // A step that is left out takes its advice with it.
    ...(target.condition === undefined ? {} : { condition: target.condition }),
    needs: [],
    children: [],
  };
}

/** Each after the one before it, the first after `needs`. */
function chain(steps: readonly Step[], needs: readonly string[]): readonly Step[] {
  return steps.map((step, at) => {
    const previous = steps[at - 1];
    return withNeeds(step, previous === undefined ? needs : [previous.id]);
  });
}
