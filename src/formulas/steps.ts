import type { Formula, Step } from './formula.ts';

/** Steps that one formula may cook to. */
export const MAX_STEPS = 1100;

/** All steps, a parent before its children. */
export function flatten(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...flatten(step.children)]);
}

export function stepIds(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(flatten(steps).map((step) => step.id));
}

/** Puts what `change` gives in the place of each step; children first, so it sees them changed. */
export function mapSteps(
  steps: readonly Step[],
  change: (step: Step) => Step | readonly Step[],
): readonly Step[] {
  return steps.flatMap((step) => change({ ...step, children: mapSteps(step.children, change) }));
}

export function withNeeds(step: Step, more: readonly string[]): Step {
  return { ...step, needs: [...new Set([...step.needs, ...more])] };
}

/** Every need (and `children-of`) of an id in the map points to the ids there instead. */
export function redirectNeeds(
  steps: readonly Step[],
  targets: ReadonlyMap<string, readonly string[]>,
): readonly Step[] {
  if (targets.size === 0) return steps;
  return mapSteps(steps, (step) => ({
    ...step,
    needs: [...new Set(step.needs.flatMap((need) => targets.get(need) ?? [need]))],
  }));
}

/** Steps that need no other step of the group: where it begins. */
function entries(group: readonly Step[]): readonly Step[] {
  const ids = stepIds(group);
  return group.filter((step) => !step.needs.some((need) => ids.has(need)));
}

/** Steps that no other step of the group needs: where it ends. */
export function exits(group: readonly Step[]): readonly string[] {
  const needed = new Set(flatten(group).flatMap((step) => step.needs));
  return group.filter((step) => !needed.has(step.id)).map((step) => step.id);
}

/** Gives the beginning of a group the needs of what it stands for. */
export function startAfter(group: readonly Step[], needs: readonly string[]): readonly Step[] {
  const first = new Set(entries(group).map((step) => step.id));
  return group.map((step) =>
    first.has(step.id) ? { ...step, needs: [...new Set([...needs, ...step.needs])] } : step,
  );
}

/** Takes steps out, children with them; who needed them needs what they needed. */
export function removeSteps(steps: readonly Step[], isOut: (step: Step) => boolean): readonly Step[] {
  const out = new Map(
    flatten(steps)
      .filter(isOut)
      .flatMap((step) =>
        [step, ...flatten(step.children)].map((gone) => [gone.id, [...gone.needs, ...step.needs]] as const),
      ),
  );
  if (out.size === 0) return steps;
  const settle = (need: string, seen: readonly string[]): readonly string[] =>
    seen.includes(need) ? [] : (out.get(need)?.flatMap((next) => settle(next, [...seen, need])) ?? [need]);
  const targets = new Map([...out.keys()].map((id) => [id, settle(id, [])] as const));
  return redirectNeeds(
    mapSteps(steps, (step) => (out.has(step.id) ? [] : step)),
    targets,
  );
}

/** A copy with every text changed, however deep; keys stay. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  return changed(value, change) as T;
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, change));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, changed(item, change)]));
}

/** Fills `{name}` (not `{{name}}`) from the values in one pass; other braces stay. */
export function fillBraces(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/(?<!\{)\{([\w.]+)\}(?!\})/g, (place, key: string) =>
    Object.hasOwn(values, key) ? (values[key] ?? place) : place,
  );
}

/** How many pieces of work the file describes: steps with their children, or the legs of a convoy. */
export function countSteps(formula: Formula): number {
  return flatten(formula.steps).length + (formula.convoy?.legs.length ?? 0);
}
