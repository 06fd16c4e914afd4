import type { Advice, Formula, Step } from './formula.ts';

type Json = Record<string, unknown>;

/** A formula (or what it cooked to) as `bd` prints it: the file's own keys, empty ones left out. */
export function formulaJson(formula: Formula): Json {
  const { steps, template, advice, convoy, ...rest } = formula;
  return withoutEmpty({
    ...rest,
    steps: steps.map(stepJson),
    template: template.map(stepJson),
    advice: advice.map(adviceJson),
    ...(convoy === undefined ? {} : { ...withoutEmpty({ ...convoy }) }),
  });
}

function stepJson(step: Step): Json {
  const loop =
    step.loop === undefined ? undefined : withoutEmpty({ ...step.loop, body: step.loop.body.map(stepJson) });
  return withoutEmpty({ ...step, loop, children: step.children.map(stepJson) });
}

function adviceJson({ target, before, after }: Advice): Json {
  return withoutEmpty({ target, around: withoutEmpty({ before, after }) });
}

function withoutEmpty(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
