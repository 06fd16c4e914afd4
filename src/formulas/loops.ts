import { cannotCook } from './parse.ts';
import type { Formula, Loop, Step } from './formula.ts';
import { checkUntil } from './until.ts';
import { readRange } from './range.ts';
import {
  MAX_STEPS,
  exits,
  fillBraces,
  flatten,
  mapTexts,
  redirectNeeds,
  startAfter,
  stepIds,
} from './steps.ts';
import type { Values } from './variables.ts';

/** Metadata key of steps in an `until` loop: which loop, which of its steps, which round. */
export const LOOP_KEY = 'loop';

/** Replaces every loop by its rounds: `<loop>.iterN.<step>`, each round after the one before. */
export function unrollLoops(formula: Formula, steps: readonly Step[], values: Values): readonly Step[] {
  return new Unroller(formula, values).all(steps);
}

class Unroller {
  readonly #formula: Formula;
  readonly #values: Values;
  #made = 0;

  constructor(formula: Formula, values: Values) {
    this.#formula = formula;
    this.#values = values;
  }

  all(steps: readonly Step[]): readonly Step[] {
    const ends = new Map<string, readonly string[]>();
    const unrolled = steps.flatMap((step) => {
      if (step.loop === undefined) return { ...step, children: this.all(step.children) };
      const rounds = this.#rounds(step, step.loop);
      ends.set(step.id, exits(rounds.at(-1) ?? []));
      return rounds.flat();
    });
    return redirectNeeds(unrolled, ends);
  }

  #rounds(step: Step, loop: Loop): readonly (readonly Step[])[] {
    const rounds: (readonly Step[])[] = [];
    for (const [at, value] of this.#counting(step, loop).entries()) {
      const round = this.all(bodyOfRound(step, loop, { number: at + 1, value }));
      this.#made += flatten(round).length;
      if (this.#made > MAX_STEPS)
        throw cannotCook(this.#formula, `loop ${step.id} makes more than ${MAX_STEPS} steps`);
      rounds.push(startAfter(round, at === 0 ? step.needs : exits(rounds.at(-1) ?? [])));
    }
    return rounds;
  }

  /** The value of `var` in each round. */
  #counting(step: Step, loop: Loop): readonly number[] {
    if (loop.until !== undefined) {
      const why = checkUntil(loop.until);
      if (why !== undefined) throw cannotCook(this.#formula, `loop ${step.id}: until ${loop.until}: ${why}`);
    }
    if (loop.range === undefined) return numbers(1, Math.min(loop.count ?? loop.max ?? 1, MAX_STEPS + 1));
    const range = readRange(fillBraces(loop.range.replaceAll(/\{\{(\w+)\}\}/g, '{$1}'), this.#values));
    if (typeof range === 'string')
      throw cannotCook(this.#formula, `loop ${step.id}: range ${loop.range}: ${range}`);
    return numbers(range.start, Math.min(range.end, range.start + MAX_STEPS));
  }
}

function numbers(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start + 1 }, (_, at) => start + at);
}

/** The body with its own ids; needs of steps outside the body stay. */
function bodyOfRound(
  step: Step,
  loop: Loop,
  round: { readonly number: number; readonly value: number },
): readonly Step[] {
  const own = stepIds(loop.body);
  const rename = (id: string) => (own.has(id) ? `${step.id}.iter${round.number}.${id}` : id);
  const filled = loop.var === undefined ? loop.body : fillVar(loop.body, { [loop.var]: String(round.value) });
  return filled.map((inner) => {
    const renamed = renameStep(inner, rename);
    if (loop.until === undefined) return renamed;
    // What the end of a round needs to know to decide whether another one follows.
    const mark = { id: step.id, step: inner.id, until: loop.until, round: round.number, max: loop.max };
    return { ...renamed, metadata: { ...inner.metadata, [LOOP_KEY]: mark } };
  });
}

/** Ids inside nested loops are prefixed when those are unrolled; only their own needs of this body change here. */
function renameStep(step: Step, rename: (id: string) => string): Step {
  return {
    ...step,
    id: rename(step.id),
    needs: step.needs.map(rename),
    ...(step.waits_for === undefined
      ? {}
      : { waits_for: step.waits_for.replace(/\((.*)\)/, (_, id: string) => `(${rename(id)})`) }),
    children: step.children.map((child) => renameStep(child, rename)),
    ...(step.loop === undefined
      ? {}
      : {
          loop: {
            ...step.loop,
            body: step.loop.body.map((inner) => ({ ...inner, needs: inner.needs.map(rename) })),
          },
        }),
  };
}

/** Texts of the body and, so that expansions see it too, its expand_vars. */
function fillVar(body: readonly Step[], value: Values): readonly Step[] {
  return mapTexts(body, (text) => fillBraces(text, value)).map((step) =>
    step.expand === undefined ? step : { ...step, expand_vars: { ...value, ...step.expand_vars } },
  );
}
