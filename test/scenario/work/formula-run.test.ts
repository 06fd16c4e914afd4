import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSlingContexts } from '../../../src/beads/forms/sling-context.ts';
import type { FormulaRun } from '../../../src/convoy/formula-plan.ts';
import { planFormulaRun, runFormula } from '../../../src/convoy/formula-run.ts';
import type { FormulaRequest } from '../../../src/convoy/formula-run.ts';
import type { SlingResult } from '../../../src/polecat/sling/result.ts';
import { makeWorkTown } from './town.ts';
import type { WorkTown } from './town.ts';

const SHIPPED = resolve(import.meta.dirname, '../../../formulas');

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  for (const name of ['shiny', 'code-review', 'mol-prd-review', 'mol-gastown-boot']) {
    const file = `${name}.formula.toml`;
    const text = readFileSync(join(SHIPPED, file), 'utf8');
    await town.files.writeAtomic(join(town.ctx.root, '.beads/formulas', file), text);
  }
  await town.setTown({ scheduler: { max_polecats: 10 } });
});
afterEach(() => town.close());

function plan(name: string, request: Partial<FormulaRequest> = {}): Promise<FormulaRun> {
  return planFormulaRun(town.ctx, { rig: town.rig, name, values: {}, ...request });
}

const carryOut = (run: FormulaRun): Promise<readonly SlingResult[]> =>
  town.clock.drive(runFormula(town.ctx, town.rig, run));

const tracked = async (root: string) =>
  (await town.hq.edgesFrom([root])).filter((edge) => edge.type === 'tracks').map((edge) => edge.to);

describe('a convoy formula', () => {
  test('planned, changes nothing', async () => {
    const before = await town.ledger.list({});
    const run = await plan('code-review', { values: { branch: 'x' }, preset: 'gate' });
    expect(run.root.id).toMatch(/^hq-cv-[0-9a-z]{5}$/);
    expect(run.beads.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'leg security',
      'leg smells',
      'leg wiring',
      'leg test-quality',
      'synthesis synthesis',
    ]);
    expect(await town.ledger.list({})).toEqual(before);
    expect(await town.hq.get(run.root.id)).toBeUndefined();
  });

  test('run, has each leg on a worker; the synthesis waits for all of them in the queue', async () => {
    const run = await plan('code-review', { values: { branch: 'x' }, preset: 'gate' });
    const results = await carryOut(run);
    expect(results.map((result) => result.kind)).toEqual([
      ...run.beads.slice(1).map(() => 'dispatched'),
      'queued',
    ]);
    const ids = run.beads.map(({ bead }) => bead.id);
    expect((await tracked(run.root.id)).toSorted()).toEqual(ids.toSorted());
    expect(await town.hq.get(run.root.id)).toMatchObject({ type: 'convoy', status: 'open' });
    const [synthesis = ''] = ids.slice(-1);
    expect(await town.bead(synthesis)).toMatchObject({ status: 'open', isBlocked: true });
    const { contexts } = await openSlingContexts(town.ledger);
    expect(contexts.map((context) => String(context.workBead))).toEqual([synthesis]);
    // No leg has made a convoy of its own.
    expect(await town.hq.list({ type: ['convoy'] })).toHaveLength(1);
  });

  test('that only reviews lands nothing', async () => {
    const run = await plan('mol-prd-review', { values: { problem: 'a shop' } });
    await carryOut(run);
    const bead = await town.bead(run.beads[0]?.bead.id ?? '');
    expect(bead.description).toContain('review_only: true');
    expect(run.beads.at(-1)?.bead.description).toContain(String(bead.id));
  });
});

describe('a workflow formula', () => {
  test('run, has its first step on a worker and the others in the queue', async () => {
    const run = await plan('shiny', { values: { feature: 'Login' } });
    const results = await carryOut(run);
    expect(run.root.id).toMatch(/^hq-wf-/);
    expect(results.map((result) => `${result.kind} ${result.bead.title}`)).toEqual([
      'dispatched Design Login',
      'queued Implement Login',
      'queued Review Login',
      'queued Test Login',
      'queued Submit Login',
    ]);
    expect(await tracked(run.root.id)).toHaveLength(5);
  });

  test('gives nobody a step that only holds others', async () => {
    const run = await plan('mol-gastown-boot');
    expect(run.beads.filter(({ isWork }) => !isWork).map(({ name }) => name)).toEqual([
      'ensure-witnesses',
      'ensure-refineries',
    ]);
  });

  test.each([
    ['no name and no default', '', {}, 'formula.no-name'],
    ['a preset', 'shiny', { preset: 'gate', values: { feature: 'x' } }, 'formula.unknown-preset'],
    ['a value that is missing', 'shiny', {}, 'formula.missing-var'],
  ])('refuses %s', async (_what, name, request, code) => {
    await expect(plan(name, request)).rejects.toMatchObject({ code });
  });
});
