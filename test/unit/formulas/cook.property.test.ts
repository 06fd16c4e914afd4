import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../../src/core/errors.ts';
import { cook } from '../../../src/formulas/cook.ts';
import type { Formula, Step } from '../../../src/formulas/formula.ts';
import { blueprintOf } from '../../../src/formulas/molecule/blueprint.ts';
import { parseFormula } from '../../../src/formulas/parse.ts';
import { readRange } from '../../../src/formulas/range.ts';
import { fillPlaces } from '../../../src/formulas/variables.ts';

const parse = (file: object): Formula => parseFormula(JSON.stringify(file), '/f.formula.json').formula;

const EXPANSION = parse({
  formula: 'e',
  template: [
    { id: '{target}.one', title: 'One of {target.title}' },
    { id: '{target}.two', title: 'Two', needs: ['{target}.one'] },
    { id: '{target}.side', title: 'Side', needs: ['{target}.one'], condition: '{{v}}' },
  ],
});
const ASPECT = parse({
  formula: 'w',
  advice: [
    { target: 's[13579]*', around: { before: [{ id: '{step.id}-pre' }], after: [{ id: '{step.id}-post' }] } },
  ],
});

/** A step that needs some of those before it, in all shapes that a file can give it. */
const stepShape = fc.record({
  needs: fc.array(fc.nat(30), { maxLength: 3 }),
  shape: fc.constantFrom(
    'plain',
    'plain',
    'condition',
    'expand',
    'count',
    'range',
    'until',
    'children',
    'gate',
    'waits',
  ),
  size: fc.integer({ min: 1, max: 3 }),
});

const formulaShape = fc.record({
  steps: fc.array(stepShape, { minLength: 1, maxLength: 8 }),
  aspect: fc.boolean(),
  map: fc.boolean(),
});

function stepFile(
  { needs, shape, size }: typeof stepShape extends fc.Arbitrary<infer T> ? T : never,
  at: number,
): object {
  const step = {
    id: `s${at}`,
    title: `Step ${at} {{v}}`,
    needs: at === 0 ? [] : [...new Set(needs.map((need) => `s${need % at}`))],
  };
  const body = [
    { id: 'a', title: 'A {k}' },
    { id: 'b', title: 'B', needs: ['a'], condition: '{{v}} == on' },
  ];
  switch (shape) {
    case 'condition':
      return { ...step, condition: '!{{v}}' };
    case 'expand':
      return { ...step, expand: 'e' };
    case 'count':
      return { ...step, loop: { count: size, var: 'k', body } };
    case 'range':
      return { ...step, loop: { range: `1..2^${size}-{n}`, var: 'k', body } };
    case 'until':
      return { ...step, loop: { until: 'b.output.ok == true', max: size, var: 'k', body } };
    case 'children':
      return {
        ...step,
        children: body.map((child) => ({
          ...child,
          title: 'Child',
          id: `s${at}-${child.id}`,
          needs: (child.needs ?? []).map((need) => `s${at}-${need}`),
        })),
      };
    case 'gate':
      return { ...step, gate: { type: 'timer', timeout: '1h' } };
    case 'waits':
      return { ...step, waits_for: 'any-children' };
    case 'plain':
      return step;
  }
}

function flat(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...flat(step.children)]);
}

/** Ids in an order in which every need comes first; fewer than all when there is a circle. */
function runOrder(steps: readonly Step[]): readonly string[] {
  const done: string[] = [];
  for (;;) {
    const next = steps.find(
      (step) => !done.includes(step.id) && step.needs.every((need) => done.includes(need)),
    );
    if (next === undefined) return done;
    done.push(next.id);
  }
}

test('whatever a formula is made of, it cooks the same each time to steps that can all be run', () => {
  fc.assert(
    fc.property(formulaShape, fc.constantFrom('', 'on', 'off'), ({ steps, aspect, map }, v) => {
      const formula = parse({
        formula: 'x',
        vars: { v: '', n: '1' },
        steps: steps.map(stepFile),
        compose: {
          ...(aspect ? { aspects: ['w'] } : {}),
          ...(map ? { map: [{ select: 's2*', with: 'e' }] } : {}),
        },
      });
      const set = new Map([formula, EXPANSION, ASPECT].map((one) => [one.formula, one] as const));
      const cooked = cook({ name: 'x', set, values: { v } });
      expect(cook({ name: 'x', set, values: { v } })).toEqual(cooked);
      const all = flat(cooked.steps);
      const ids = new Set(all.map((step) => step.id));
      expect(ids.size).toBe(all.length);
      expect(all.flatMap((step) => step.needs).filter((need) => !ids.has(need))).toEqual([]);
      expect(runOrder(all)).toHaveLength(all.length);
      expect(JSON.stringify(all)).not.toMatch(/\{\{v\}\}|\{k\}|\{target/);
      const { nodes, edges } = blueprintOf(cooked);
      const keys = new Set(nodes.map((node) => node.key));
      expect(keys.size).toBe(nodes.length);
      expect(edges.filter((edge) => !keys.has(edge.from) || !keys.has(edge.to))).toEqual([]);
      expect(new Set(edges.map((edge) => `${edge.from} ${edge.to}`)).size).toBe(edges.length);
    }),
    { numRuns: 300 },
  );
});

test('any text at all is either a formula or a clear refusal', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const keys = fc.constantFrom(
    'steps',
    'vars',
    'loop',
    'legs',
    'compose',
    'advice',
    'template',
    'extends',
    'id',
    'formula',
    'version',
  );
  const file = fc.oneof(
    fc.string(),
    fc
      .dictionary(keys, fc.oneof(value, fc.dictionary(keys, value), fc.array(fc.dictionary(keys, value))))
      .map((one) => JSON.stringify(one)),
  );
  fc.assert(
    fc.property(file, fc.constantFrom('/f.formula.json', '/f.formula.toml'), (text, path) => {
      try {
        expect(parseFormula(text, path).formula.formula).not.toBe('');
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect((error as Error).message).toMatch(/^\/f\.formula\.(json|toml)(:\d+)?: [^\n]+$/);
      }
    }),
    { numRuns: 100 },
  );
});

test('arithmetic in a range agrees with the usual rules', () => {
  const leaf = fc.nat(9).map((n) => ({ text: String(n), value: n }));
  const { expr } = fc.letrec<{ expr: { text: string; value: number } }>((tie) => ({
    expr: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.tuple(tie('expr'), fc.constantFrom('+', '-', '*'), tie('expr')).map(([left, operator, right]) => ({
        text: `(${left.text} ${operator} ${right.text})`,
        value:
          operator === '+'
            ? left.value + right.value
            : operator === '-'
              ? left.value - right.value
              : left.value * right.value,
      })),
    ),
  }));
  fc.assert(
    fc.property(expr, ({ text, value }) => {
      if (text.length < 150) expect(readRange(`${text}..${text}`)).toEqual({ start: value, end: value });
    }),
  );
});

test('a value never becomes a place of its own, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(fillPlaces('<{{a}}|{{b}}|{{c}}>', { a, b })).toBe(`<${a}|${b}|{{c}}>`);
      expect(fillPlaces('{{toString}}{{constructor}}', {})).toBe('{{toString}}{{constructor}}');
    }),
  );
});
