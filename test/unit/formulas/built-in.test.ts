import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planConvoy } from '../../../src/formulas/convoy.ts';
import { cook } from '../../../src/formulas/cook.ts';
import type { Formula } from '../../../src/formulas/formula.ts';
import { withParents } from '../../../src/formulas/inherit.ts';
import { blueprintOf } from '../../../src/formulas/molecule/blueprint.ts';
import { parseFormula } from '../../../src/formulas/parse.ts';
import { CONVOYS, DOGS, HANOI, WORKFLOWS } from './built-in-table.ts';

const FOLDER = resolve(import.meta.dirname, '../../../formulas');
const texts = new Map(
  readdirSync(FOLDER).map((file) => [
    file.replace('.formula.toml', ''),
    readFileSync(join(FOLDER, file), 'utf8'),
  ]),
);
const parsed = new Map([...texts].map(([name, text]) => [name, parseFormula(text, `${name}.formula.toml`)]));
const set = new Map<string, Formula>([...parsed].map(([name, { formula }]) => [name, formula]));

function formulaOf(name: string): Formula {
  const formula = set.get(name);
  if (formula === undefined) throw new Error(`${name} is not shipped`);
  return withParents(formula, set);
}

/** `issue! base_branch=main focus`, as in the table. */
function varsOf({ vars }: Formula): readonly string[] {
  return Object.entries(vars).map(([name, def]) => {
    if (def.required === true) return `${name}!`;
    return (def.default ?? '') === '' ? name : `${name}=${def.default}`;
  });
}

function valuesFor({ vars }: Formula): Readonly<Record<string, string>> {
  const required = Object.entries(vars).filter(([, def]) => def.required === true);
  return Object.fromEntries(required.map(([name]) => [name, `given-${name}`]));
}

describe('a built-in formula', () => {
  test('is one of the table, and none of the table is missing', () => {
    const known = [...WORKFLOWS, ...CONVOYS, ...HANOI].map(([name]) => name);
    expect([...texts.keys()].toSorted()).toEqual([...known, 'security-audit'].toSorted());
  });

  test.each(WORKFLOWS)('%s has the variables and steps that prompts refer to', (name, vars, steps) => {
    const formula = formulaOf(name);
    expect(formula.formula).toBe(name);
    expect(varsOf(formula).toSorted()).toEqual(vars.split(' ').filter(Boolean).toSorted());
    const cooked = cook({ name, set, values: valuesFor(formula) });
    expect(cooked.steps.map((step) => step.id)).toEqual(steps.split(' '));
    expect([...cooked.warnings, ...(parsed.get(name)?.warnings ?? [])]).toEqual([]);
    expect(() => blueprintOf(cooked)).not.toThrow();
    expect(cooked.places.filter((place) => formula.vars[place] === undefined)).toEqual([]);
  });

  test.each(CONVOYS)('%s has the inputs, legs and files', (...row) => {
    const [name, inputs, legs, directory, file] = row;
    const { convoy, type, review_only: reviewOnly } = formulaOf(name);
    expect(type).toBe('convoy');
    expect(reviewOnly ?? false).toBe(name.endsWith('-review') && name.startsWith('mol-'));
    expect(
      Object.entries(convoy?.inputs ?? {}).map(
        ([input, { required, default: value }]) =>
          `${input}${required === true ? '!' : ''}${value === undefined ? '' : `=${value}`}`,
      ),
    ).toEqual(inputs.split(' '));
    const given = Object.fromEntries(
      Object.keys(convoy?.inputs ?? {}).map((input) => [input, `my ${input}`]),
    );
    const plan = planConvoy(formulaOf(name), { inputs: given, reviewId: 'run1' });
    expect(plan.legs.map((leg) => leg.id)).toEqual(legs.split(' '));
    expect(plan.outputDirectory).toBe(`${directory}run1`);
    expect(plan.synthesis?.dependsOn).toEqual(legs.split(' '));
    expect(plan.synthesis?.description).toContain(file);
    for (const leg of plan.legs) {
      expect(leg.description).toContain(leg.outputPath);
      expect(leg.description).not.toMatch(/\{\{|no value/);
    }
  });

  test('code-review has its four presets', () => {
    const presets = formulaOf('code-review').convoy?.presets ?? {};
    expect(Object.entries(presets).map(([name, { legs }]) => [name, legs.length])).toEqual([
      ['gate', 4],
      ['full', 10],
      ['security-focused', 4],
      ['refactor', 4],
    ]);
  });

  test.each(HANOI)('%s is one loop over all moves', (name, disks) => {
    const { steps } = cook({ name, set, values: {} });
    expect(steps).toHaveLength(2 ** disks + 1);
    expect([steps[0]?.id, steps.at(-1)?.id]).toEqual(['setup', 'verify']);
    expect(texts.get(name)?.length).toBeLessThan(2000);
  });

  test('squashes by itself when a dog runs it; only release is poured', () => {
    const rules = [...set.values()].filter((formula) => formula.squash !== undefined);
    expect(rules.map((formula) => formula.formula).toSorted()).toEqual(
      [...DOGS, 'mol-shutdown-dance'].toSorted(),
    );
    for (const { formula, squash } of rules) {
      const kind = formula === 'mol-shutdown-dance' ? 'operational' : 'work';
      expect(squash).toEqual({ trigger: 'on_complete', template_type: kind, include_metrics: true });
    }
    const poured = [...set.values()].filter((formula) => formula.pour === true);
    expect(poured.map((formula) => formula.formula)).toEqual(['release']);
  });

  test.each([...texts])('P36: %s names no address and publishes nothing by itself', (_name, text) => {
    expect(text).not.toMatch(/https?:\/\/|git@|github\.com|\w+\/gastown\b/i);
    expect(text).not.toMatch(
      /gh (?:pr|issue|release|repo) (?:create|comment|review|merge|close|edit)|gh api|hub pull-request|git push[^\n]*(?:--force(?!-with-lease)|\bmain\b)/,
    );
  });
});
