import * as z from 'zod/mini';
import { ORDER_KEYS } from '../beads/forms/sling-terms.ts';
import { FORMULA_TYPES, type Advice, type AdviceStep, type Gate, type Loop, type Step } from './formula.ts';

/** Shape of a formula file. Keys that nobody knows are refused here; parse.ts turns those into warnings. */
const text = z.string();
const flag = z.boolean();
const name = text.check(z.minLength(1, 'it is empty'));
const stepId = text.check(z.regex(/^[^\s,;]+$/, 'an id has no spaces, commas or semicolons'));
const list = z.array(text);
/** A number or a truth value is as good as its text. */
const scalar = z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String));
const values = z.record(z.string(), scalar);
const opt = z.optional;

const waitsFor = text.check(
  z.regex(
    /^(?:all-children|any-children|children-of\([^()\s]+\))$/,
    'write all-children, any-children or children-of(<step>)',
  ),
);

const gate = z.pipe(
  z.strictObject({ type: name, id: opt(text), await_id: opt(text), timeout: opt(text) }),
  z.transform(({ id, ...rest }): Gate => ({ ...rest, await_id: rest.await_id ?? id })),
);

const loop: z.ZodMiniType<Loop> = z
  .strictObject({
    count: opt(z.int().check(z.minimum(1, 'it must be at least 1'))),
    range: opt(name),
    var: opt(name),
    until: opt(name),
    max: opt(z.int().check(z.minimum(1, 'it must be at least 1'))),
    body: z.array(z.lazy(() => step)).check(z.minLength(1, 'a loop needs steps in its body')),
  })
  .check(
    z.refine(
      (it) => [it.count, it.range, it.until].filter((way) => way !== undefined).length === 1,
      'a loop has exactly one of count, range and until',
    ),
    z.refine((it) => it.until === undefined || it.max !== undefined, 'a loop with until needs max'),
  );

const onComplete = z
  .strictObject({
    for_each: text.check(z.regex(/^output\.[\w.-]+$/, 'it must begin with output.')),
    bond: name,
    vars: opt(values),
    parallel: opt(flag),
    sequential: opt(flag),
  })
  .check(
    z.refine((it) => !(it.parallel === true && it.sequential === true), 'parallel or sequential, not both'),
  );

const step: z.ZodMiniType<Step> = z.lazy(() =>
  z.pipe(
    z
      .strictObject({
        id: stepId,
        title: opt(text),
        description: opt(text),
        notes: opt(text),
        acceptance: opt(text),
        type: opt(text),
        priority: opt(z.int().check(z.minimum(0, 'it must be 0 to 4'), z.maximum(4, 'it must be 0 to 4'))),
        labels: opt(list),
        // A formula may come with any repository; what a worker runs is said by people only (spec 11 J).
        metadata: opt(
          z
            .record(z.string(), z.unknown())
            .check(
              z.refine(
                (it) => !ORDER_KEYS.some((key) => Object.hasOwn(it, key)),
                'a formula cannot set a script or a wrapper',
              ),
            ),
        ),
        assignee: opt(text),
        needs: opt(list),
        depends_on: opt(list),
        waits_for: opt(waitsFor),
        condition: opt(text),
        expand: opt(name),
        expand_vars: opt(values),
        gate: opt(gate),
        loop: opt(loop),
        on_complete: opt(onComplete),
        parallel: opt(flag),
        interactive: opt(flag),
        children: opt(z.array(step)),
      })
      .check(
        z.refine((it) => (it.title ?? '') !== '' || it.expand !== undefined || it.loop !== undefined, {
          message: 'a step needs a title',
          path: ['title'],
        }),
      ),
    z.transform(({ depends_on, ...it }): Step => ({
      ...it,
      title: it.title ?? '',
      needs: [...new Set([...(depends_on ?? []), ...(it.needs ?? [])])],
      children: it.children ?? [],
    })),
  ),
);

const varDef = z.union([
  z.pipe(
    scalar,
    z.transform((value) => ({ default: value })),
  ),
  z
    .strictObject({
      description: opt(text),
      default: opt(scalar),
      required: opt(flag),
      enum: opt(list),
      pattern: opt(text.check(z.refine(isPattern, 'it is no regular expression'))),
      type: opt(z.enum(['string', 'int', 'bool'])),
    })
    .check(
      z.refine(
        (it) => !(it.required === true && it.default !== undefined),
        'a required variable cannot have a default',
      ),
    ),
]);

/* Lookaround, back references and classes of Unicode: no engine without backtracking has them (the real bd neither has the first two). */
const BACKTRACKING = /\(\?<?[=!]|\\(?:[1-9kpP])/;

function isPattern(source: string): boolean {
  if (BACKTRACKING.test(source)) return false;
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const bondPoint = z
  .strictObject({
    id: name,
    description: opt(text),
    after_step: opt(text),
    before_step: opt(text),
    parallel: opt(flag),
  })
  .check(
    z.refine(
      (it) => it.after_step === undefined || it.before_step === undefined,
      'after_step or before_step, not both',
    ),
  );

const compose = z.strictObject({
  expand: opt(z.array(z.strictObject({ target: name, with: name, vars: opt(values) }))),
  map: opt(z.array(z.strictObject({ select: name, with: name, vars: opt(values) }))),
  branch: opt(
    z.array(
      z.strictObject({ from: name, steps: list.check(z.minLength(1, 'it names no step')), join: name }),
    ),
  ),
  gate: opt(z.array(z.strictObject({ before: name, condition: name }))),
  aspects: opt(list),
  bond_points: opt(z.array(bondPoint)),
  hooks: opt(z.array(z.strictObject({ trigger: name, attach: name, at: opt(text), vars: opt(values) }))),
});

const adviceStep: z.ZodMiniType<AdviceStep> = z.strictObject({
  id: name,
  title: opt(text),
  description: opt(text),
  type: opt(text),
  args: opt(values),
  output: opt(values),
});

const advice = z.pipe(
  z.strictObject({
    target: opt(text),
    before: opt(adviceStep),
    after: opt(adviceStep),
    around: opt(z.strictObject({ before: opt(z.array(adviceStep)), after: opt(z.array(adviceStep)) })),
  }),
  z.transform((it): Advice => ({
    target: it.target,
    before: [it.before ?? [], it.around?.before ?? []].flat(),
    after: [it.after ?? [], it.around?.after ?? []].flat(),
  })),
);

const input = z.strictObject({
  description: opt(text),
  type: opt(text),
  required: opt(flag),
  required_unless: opt(list),
  default: opt(scalar),
});

const leg = z.strictObject({
  id: stepId,
  title: name,
  focus: opt(text),
  description: opt(text),
  agent: opt(text),
  review_only: opt(flag),
});

export const formulaFile = z.strictObject({
  formula: name,
  description: opt(text),
  version: opt(z.int().check(z.minimum(1, 'it must be at least 1'))),
  type: opt(z.enum(FORMULA_TYPES)),
  extends: opt(list),
  pour: opt(flag),
  phase: opt(z.enum(['liquid', 'vapor'])),
  agent: opt(text),
  review_only: opt(flag),
  vars: opt(z.record(z.string(), varDef)),
  steps: opt(z.array(step)),
  template: opt(z.array(step)),
  compose: opt(compose),
  advice: opt(z.array(advice)),
  pointcuts: opt(z.array(z.strictObject({ glob: opt(text), type: opt(text), label: opt(text) }))),
  squash: opt(z.strictObject({ trigger: opt(text), template_type: opt(text), include_metrics: opt(flag) })),
  inputs: opt(z.record(z.string(), input)),
  prompts: opt(z.record(z.string(), text)),
  output: opt(z.strictObject({ directory: opt(text), leg_pattern: opt(text), synthesis: opt(text) })),
  legs: opt(z.array(leg)),
  synthesis: opt(z.strictObject({ title: opt(text), description: opt(text), depends_on: opt(list) })),
  presets: opt(z.record(z.string(), z.strictObject({ description: opt(text), legs: list }))),
});
export type FormulaFile = z.infer<typeof formulaFile>;
