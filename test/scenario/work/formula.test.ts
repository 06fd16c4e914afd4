import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAgentRow } from '../../../src/beads/forms/agent-row.ts';
import { readAttachment } from '../../../src/beads/forms/attachment.ts';
import { parseAddress } from '../../../src/core/address.ts';
import { parsePrefix } from '../../../src/core/names.ts';
import { NO_PAYLOAD } from '../../../src/hooks/hook-payload.ts';
import { runPrime } from '../../../src/hooks/prime/prime.ts';
import { takeOffHook } from '../../../src/polecat/release/take-off.ts';
import { describe as say, makeWorkTown, polecatAddress } from './town.ts';
import type { WorkTown } from './town.ts';

const SHINY = readFileSync(
  join(resolve(import.meta.dirname, '../../../formulas'), 'shiny.formula.toml'),
  'utf8',
);

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.files.writeAtomic(join(town.ctx.root, '.beads/formulas/shiny.formula.toml'), SHINY);
});
afterEach(() => town.close());

async function attached(bead: string): Promise<string> {
  return readAttachment(await town.bead(bead))?.attachedMolecule ?? '';
}

const wisp = async (id: string) => (await town.ctx.ledgers.of(id)).get(id);

async function prime(): Promise<string> {
  const agent = polecatAddress('furiosa');
  return (await runPrime(town.ctx, { agent, hook: true, payload: NO_PAYLOAD, spawn: 1, dryRun: false })).text;
}

describe('a bead slung with a formula', () => {
  test('is hooked itself; the formula is one wisp that tracks it and does not block it', async () => {
    const { id } = await town.create({ title: 'Add a page' });
    await town.dispatch(id, { formula: 'shiny', vars: { assignee: 'ann' } });
    const bead = await town.bead(id);
    expect(bead).toMatchObject({ status: 'hooked', isBlocked: false });
    expect(readAttachment(bead)).toMatchObject({ attachedFormula: 'shiny', attachedVars: ['assignee=ann'] });
    const root = await wisp(await attached(id));
    expect(root).toMatchObject({
      type: 'molecule',
      ephemeral: true,
      metadata: {
        formula: 'shiny',
        formula_vars: { feature: 'Add a page', issue: id, rig: 'proj', assignee: 'ann' },
      },
    });
    const ledger = await town.ctx.ledgers.of(id);
    expect(await ledger.edgesFrom([root?.id ?? ''])).toMatchObject([{ to: id, type: 'tracks' }]);
    expect(await ledger.list({ parent: root?.id ?? '' })).toEqual([]);
  });

  test('primes its worker with the steps, overlay applied, in place of the built-in checklist', async () => {
    const overlay = '[[step-overrides]]\nstep_id = "review"\nmode = "skip"\n';
    await town.files.writeAtomic(join(town.ctx.root, 'proj/formula-overlays/shiny.toml'), overlay);
    const { id } = await town.create({ title: 'Add a </page>' });
    await town.dispatch(id, { formula: 'shiny' });
    const text = await prime();
    const steps = ['Design', 'Implement', 'Test', 'Submit'].map(
      (word, at) => `${at + 1}. ${word} Add a ‹/page›`,
    );
    expect(steps.map((step) => text.includes(step))).toEqual([true, true, true, true]);
    expect(text).not.toContain('(review)');
    expect(text).not.toContain('Test it as the merge queue will');
  });

  test('keeps working when its formula is lost: the built-in checklist is back, with the reason', async () => {
    const { id } = await town.create();
    await town.dispatch(id, { formula: 'shiny' });
    await town.files.remove(join(town.ctx.root, '.beads/formulas/shiny.formula.toml'));
    const text = await prime();
    expect(text).toContain('Formula shiny cannot be read');
    expect(text).toContain('Test it as the merge queue will');
  });

  test('handed in, its wisp is closed; the bead goes on to landing as any other', async () => {
    const { id } = await town.create();
    const worker = await town.dispatch(id, { formula: 'shiny' });
    const root = await attached(id);
    await worker.write('a.md', 'a');
    await worker.done();
    expect(await wisp(root)).toMatchObject({ status: 'closed' });
    expect(await town.bead(id)).toMatchObject({ status: 'in_progress', isBlocked: false });
  });

  test('taken off its worker, its wisp is gone and the next sling is without it', async () => {
    const { id } = await town.create();
    await town.dispatch(id, { formula: 'shiny' });
    const root = await attached(id);
    await takeOffHook(town.ctx, { bead: await town.bead(id), force: true, why: 'test' });
    expect(await wisp(root)).toBeUndefined();
    expect(await town.bead(id)).toMatchObject({ status: 'open', assignee: '' });
    await town.dispatch(id);
    expect(readAttachment(await town.bead(id))?.attachedFormula).toBeUndefined();
  });

  test('taken off a role of the town, the wisp goes too and the role has nothing', async () => {
    const hq = await town.ctx.ledgers.hq();
    const created = await hq.transaction('test', (tx) => tx.create({ title: 'Town work' }));
    const { id } = created;
    const bead = async () => (await hq.get(id)) ?? created;
    await town.sling([id, 'mayor'], { formula: 'shiny' });
    const root = readAttachment(await bead())?.attachedMolecule ?? '';
    expect(await wisp(root)).toMatchObject({ type: 'molecule' });
    await takeOffHook(town.ctx, { bead: await bead(), force: true, why: 'test' });
    expect(await wisp(root)).toBeUndefined();
    expect(await bead()).toMatchObject({ status: 'open', assignee: '' });
    expect((await readAgentRow(hq, parseAddress('mayor'), parsePrefix('hq')))?.hookBead).toBeUndefined();
  });

  test('slung again with another one leaves no second wisp', async () => {
    const { id } = await town.create();
    await town.dispatch(id, { formula: 'shiny' });
    await town.sling([id], { formula: 'shiny', force: true });
    const wisps = await (await town.ctx.ledgers.of(id)).list({ type: ['molecule'] });
    expect(wisps.map((bead) => String(bead.id))).toEqual([await attached(id)]);
  });

  test.each([
    ['one that is not there', { formula: 'shinny' }, 'formula.not-found'],
    ['a value that is missing', { formula: 'needy' }, 'formula.missing-var'],
  ])('refuses %s before anything is changed', async (_what, options, code) => {
    const needy =
      'formula = "needy"\n[vars.what]\nrequired = true\n[[steps]]\nid = "s"\ntitle = "{{what}}"\n';
    await town.files.writeAtomic(join(town.ctx.root, '.beads/formulas/needy.formula.toml'), needy);
    const { id } = await town.create();
    const before = await town.bead(id);
    expect(say((await town.sling([id], options))[0])).toContain(code);
    expect(await town.bead(id)).toEqual(before);
  });
});
