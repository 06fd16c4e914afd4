import { expect, test } from 'vitest';
import type { Bead, Ledger } from '../../../src/beads/types.ts';
import { cook } from '../../../src/formulas/cook.ts';
import { parseFormula } from '../../../src/formulas/parse.ts';
import { bond } from '../../../src/formulas/molecule/bond.ts';
import { blueprintOf, type Blueprint } from '../../../src/formulas/molecule/blueprint.ts';
import { burnMolecule } from '../../../src/formulas/molecule/burn.ts';
import { gatedMolecules, moleculesOf } from '../../../src/formulas/molecule/find.ts';
import { instantiate, type InstantiateOptions } from '../../../src/formulas/molecule/instantiate.ts';
import { progressOf } from '../../../src/formulas/molecule/progress.ts';
import { blueprintOfProto, protoBlueprint } from '../../../src/formulas/molecule/proto.ts';
import { readMolecule } from '../../../src/formulas/molecule/read.ts';
import { squashMolecule } from '../../../src/formulas/molecule/squash.ts';
import { codeOf, systemRandom, type LedgerTown } from './setup.ts';

const RELEASE = `
formula = "release"
[vars.version]
required = true
[[steps]]
id = "build"
title = "Build {{version}}"
labels = ["gt:task"]
acceptance = "It starts"
[[steps]]
id = "ship"
title = "Ship"
needs = ["build"]
[steps.gate]
type = "human"
await_id = "the customer"
[[steps]]
id = "tell"
title = "Tell everybody"
needs = ["ship"]
condition = "{{version}} != 0.1"
[[steps.children]]
id = "web"
title = "Web page"
[[steps.children]]
id = "mail"
title = "Mail"
needs = ["web"]
`;

function cooked(text: string, values?: Readonly<Record<string, string>>) {
  const { formula } = parseFormula(text, '/f.formula.toml');
  return cook({
    name: formula.formula,
    set: new Map([[formula.formula, formula]]),
    ...(values === undefined ? {} : { values }),
  });
}

export function molecules(town: () => LedgerTown): void {
  const source = () => ({ clock: town().clock, random: systemRandom });
  const make = (blueprint: Blueprint, options: Partial<InstantiateOptions> = {}) =>
    town().rig.transaction('ann', (tx) =>
      instantiate(tx, blueprint, { keep: 'issue', ...options, source: source() }),
    );
  const pour = (options: Partial<InstantiateOptions> = {}) =>
    make(blueprintOf(cooked(RELEASE, { version: '1.0' })), options);
  const close = (id: string) => town().rig.transaction('ann', (tx) => tx.close(id, { reason: 'done' }));
  const states = async (root: string) => {
    const { rig } = town();
    const progress = progressOf(await readMolecule(rig, await rig.find(root)));
    return progress.steps.map(({ bead, state }) => `${bead.id.slice(root.length)} ${state}`);
  };

  test('a poured formula is a tree of beads in which only the first step is ready', async () => {
    const { rig } = town();
    const { rootId, ids } = await pour({ assignee: 'bob' });
    expect(rootId).toMatch(/^fx-mol-[0-9a-z]{3}$/);
    expect([...ids]).toEqual([
      ['release', rootId],
      ['release.build', `${rootId}.1`],
      ['release.ship', `${rootId}.2`],
      ['release.gate-ship', `${rootId}.3`],
      ['release.tell', `${rootId}.4`],
      ['release.tell.web', `${rootId}.4.1`],
      ['release.tell.mail', `${rootId}.4.2`],
    ]);
    expect(await rig.get(rootId)).toMatchObject({
      type: 'molecule',
      title: 'release',
      assignee: 'bob',
      table: 'issues',
      metadata: { formula: 'release', formula_vars: { version: '1.0' } },
    });
    expect(await rig.get(`${rootId}.1`)).toMatchObject({
      title: 'Build 1.0',
      labels: ['gt:task'],
      acceptanceCriteria: 'It starts',
      createdBy: 'ann',
      isBlocked: false,
    });
    expect(await rig.get(`${rootId}.3`)).toMatchObject({
      type: 'gate',
      awaitType: 'human',
      awaitId: 'the customer',
    });
    expect(await rig.get(`${rootId}.4`)).toMatchObject({ type: 'epic', isBlocked: true });
    expect((await rig.ready({})).map((bead) => bead.id)).toEqual([`${rootId}.1`]);
    expect(await rig.events(`${rootId}.1`)).toMatchObject([{ type: 'created', actor: 'ann' }]);
    expect(await states(rootId)).toEqual([
      '.1 ready',
      '.3 pending',
      '.2 pending',
      '.4 pending',
      '.4.1 pending',
      '.4.2 pending',
    ]);
  });

  test('its steps open one after the other, the gate holds, and the root closes with the last one', async () => {
    const { rig } = town();
    const { rootId } = await pour();
    await close(`${rootId}.1`);
    expect(await rig.ready({})).toEqual([]);
    await close(`${rootId}.3`);
    expect((await gatedMolecules(rig)).map(({ root, step }) => [root.id, step.id])).toEqual([
      [rootId, `${rootId}.2`],
    ]);
    await rig.transaction('ann', (tx) => tx.claim(`${rootId}.2`, 'bob'));
    expect(await gatedMolecules(rig)).toEqual([]);
    expect((await moleculesOf(rig, 'bob')).map((bead) => bead.id)).toEqual([rootId]);
    for (const step of ['.2', '.4.1', '.4.2', '.4']) await close(rootId + step);
    expect(await rig.get(rootId)).toMatchObject({ status: 'closed' });
    expect(await rig.recomputeBlocked()).toBe(0);
  });

  test('what a graph writes is what the rules say: a recompute finds nothing to change', async () => {
    const { rig } = town();
    await pour();
    await pour({ keep: 'wisp' });
    expect(await rig.recomputeBlocked()).toBe(0);
  });

  test('pour then burn leaves the ledger as it was', async () => {
    const { rig } = town();
    await rig.transaction('ann', (tx) => tx.create({ id: 'fx-a', title: 'A' }));
    const all = () => rig.list({ includeTemplates: true });
    const before = await all();
    const { rootId } = await pour();
    await close(`${rootId}.1`);
    const burned = await rig.transaction('ann', (tx) => burnMolecule(tx, rootId));
    expect(burned).toHaveLength(7);
    expect(await all()).toEqual(before);
    expect(await rig.edgesTo(burned)).toEqual([]);
    expect(await rig.edgesFrom(burned)).toEqual([]);
  });

  test('a pour that cannot be finished leaves nothing', async () => {
    const { rig } = town();
    const bad = blueprintOf(
      cooked(RELEASE.replace('title = "Mail"', 'title = "Mail"\ntype = "no-such-type"'), { version: '1' }),
    );
    expect(await codeOf(make(bad))).toBe('bead.bad-type');
    expect(await rig.list({ includeTemplates: true })).toEqual([]);
  });

  test('a wisp is its root alone, in the other table, and goes unnoticed by ready', async () => {
    const { rig } = town();
    const { rootId, ids } = await pour({ keep: 'wisp', rootOnly: true });
    expect(rootId).toMatch(/^fx-wisp-/);
    expect(ids.size).toBe(1);
    expect(await rig.get(rootId)).toMatchObject({ table: 'wisps', ephemeral: true });
    expect(await rig.ready({})).toEqual([]);
  });

  test('a stored proto remembers variables and conditions, and pours like its formula', async () => {
    const { rig } = town();
    await make(protoBlueprint(cooked(RELEASE)), { isProto: true, rootId: 'release' });
    const proto = await rig.find('release');
    expect(proto).toMatchObject({ isTemplate: true, labels: ['template'] });
    expect(await rig.ready({})).toEqual([]);
    expect(await codeOf(blueprintOfProto(rig, proto, {}))).toBe('formula.missing-var');
    const { rootId } = await make(await blueprintOfProto(rig, proto, { version: '1.0' }));
    expect((await readMolecule(rig, await rig.find(rootId))).steps).toHaveLength(6);
    expect(await rig.find(rootId)).toMatchObject({ isTemplate: false, labels: [] });
    const short = await make(await blueprintOfProto(rig, proto, { version: '0.1' }));
    const steps = (await readMolecule(rig, await rig.find(short.rootId))).steps;
    expect(steps.map((bead) => bead.title)).toEqual(['Build 0.1', 'Gate: human the customer', 'Ship']);
  });

  test('waits_for keeps its kind on the way through a proto', async () => {
    const { rig } = town();
    const text =
      'formula = "fan"\n[[steps]]\nid = "out"\ntitle = "Out"\n[[steps]]\nid = "any"\ntitle = "Any"\nneeds = ["out"]\nwaits_for = "any-children"\n[[steps]]\nid = "all"\ntitle = "All"\nneeds = ["out"]\nwaits_for = "all-children"\n';
    await make(protoBlueprint(cooked(text)), { isProto: true, rootId: 'fan' });
    const { rootId } = await make(await blueprintOfProto(rig, await rig.find('fan'), {}));
    const { steps, edges } = await readMolecule(rig, await rig.find(rootId));
    const [out, any, all] = ['Out', 'Any', 'All'].map(
      (title) => steps.find((bead) => bead.title === title) as Bead,
    );
    const between = (from: Bead | undefined) =>
      edges.filter((edge) => edge.from === from?.id && edge.to === out?.id);
    expect(between(any)).toMatchObject([{ type: 'waits-for', metadata: '{"gate":"any-children"}' }]);
    expect(between(all)).toMatchObject([{ type: 'blocks' }]);
    expect([any?.labels, all?.labels]).toEqual([['gate:any-children'], ['gate:all-children']]);
  });

  test('who waits for all children waits for each that is bonded later', async () => {
    const { rig } = town();
    const text =
      'formula = "fan"\n[[steps]]\nid = "out"\ntitle = "Out"\n[[steps]]\nid = "all"\ntitle = "All"\nneeds = ["out"]\nwaits_for = "all-children"\n';
    const { ids } = await make(blueprintOf(cooked(text, {})));
    const [out, all] = [ids.get('fan.out') ?? '', ids.get('fan.all') ?? ''];
    const bonded = await bondTo(rig, out, 'arm-1');
    await close(out);
    expect(await rig.openBlockers(all)).toEqual([`${out}.arm-1`]);
    expect(bonded.spawned[0]?.rootId).toBe(`${out}.arm-1`);
  });

  const bondTo = (rig: Ledger, id: string, ref: string) =>
    rig.transaction('ann', async (tx) =>
      bond(tx, {
        first: {
          kind: 'blueprint',
          blueprint: blueprintOf(cooked('formula = "arm"\n[[steps]]\nid = "s"\ntitle = "S"', {})),
        },
        second: { kind: 'bead', bead: await tx.find(id) },
        type: 'parallel',
        ref,
        source: source(),
      }),
    );

  test('a wisp bonded to a work bead comes first', async () => {
    const { rig } = town();
    const work = await rig.transaction('ann', (tx) => tx.create({ id: 'fx-a', title: 'A' }));
    const { rootId } = await pour({ keep: 'wisp', rootOnly: true });
    const bonded = await rig.transaction('ann', async (tx) =>
      bond(tx, {
        first: { kind: 'bead', bead: await tx.find(rootId) },
        second: { kind: 'bead', bead: work },
        type: 'sequential',
        source: source(),
      }),
    );
    expect(bonded).toMatchObject({ resultId: rootId, resultType: 'compound_molecule', spawned: [] });
    expect(await rig.openBlockers('fx-a')).toEqual([rootId]);
    await rig.transaction('ann', (tx) => burnMolecule(tx, rootId));
    expect(await rig.openBlockers('fx-a')).toEqual([]);
  });

  test('a bond in a circle is refused and nothing is made', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      const [a, b] = [
        await tx.create({ id: 'fx-a', title: 'A' }),
        await tx.create({ id: 'fx-b', title: 'B' }),
      ];
      const operands = { first: { kind: 'bead', bead: a }, second: { kind: 'bead', bead: b } } as const;
      await bond(tx, { ...operands, type: 'sequential', source: source() });
    });
    const back = rig.transaction('ann', async (tx) =>
      bond(tx, {
        first: { kind: 'bead', bead: await tx.find('fx-b') },
        second: { kind: 'bead', bead: await tx.find('fx-a') },
        type: 'conditional',
        source: source(),
      }),
    );
    expect(await codeOf(back)).toBe('edge.cycle');
  });

  test('a squash counts before it closes, keeps one digest and always closes the root', async () => {
    const { rig } = town();
    const { rootId } = await pour({ keep: 'wisp' });
    await close(`${rootId}.1`);
    const squashed = await rig.transaction('ann', (tx) => squashMolecule(tx, rootId, { digest: 'issue' }));
    expect(squashed).toMatchObject({
      deletedCount: 6,
      rootClosed: true,
      progress: { completed: 1, total: 6 },
    });
    expect(await rig.get(rootId)).toMatchObject({ status: 'closed' });
    const digest = await rig.get(squashed.digestId ?? '');
    expect(digest).toMatchObject({
      title: 'Digest: release',
      status: 'closed',
      table: 'issues',
      ephemeral: false,
    });
    expect(digest?.description).toContain('Completed: 1 of 6');
    expect((await rig.edgesFrom([squashed.digestId ?? ''])).map((edge) => [edge.type, edge.to])).toEqual([
      ['parent-child', rootId],
    ]);
    await rig.transaction('ann', (tx) => burnMolecule(tx, rootId));
    expect(await rig.get(squashed.digestId ?? '')).toBeDefined();
  });

  test('a root without rows for its steps is closed by a squash too', async () => {
    const { rig } = town();
    const { rootId } = await pour({ keep: 'wisp', rootOnly: true });
    const squashed = await rig.transaction('ann', (tx) => squashMolecule(tx, rootId, { digest: 'none' }));
    expect(squashed).toMatchObject({ rootClosed: true, digestId: undefined });
    expect(await rig.get(rootId)).toMatchObject({ status: 'closed' });
  });

  test('a plain task is not burned', async () => {
    const { rig } = town();
    await rig.transaction('ann', (tx) => tx.create({ id: 'fx-a', title: 'A' }));
    expect(await codeOf(rig.transaction('ann', (tx) => burnMolecule(tx, 'fx-a')))).toBe('molecule.none');
  });

  test('a thousand steps are poured in one go', async () => {
    const { rig } = town();
    const text =
      'formula = "big"\n[[steps]]\nid = "l"\n[steps.loop]\ncount = 1000\n[[steps.loop.body]]\nid = "a"\ntitle = "A"\n';
    const { rootId, ids } = await make(blueprintOf(cooked(text, {})));
    expect(ids.size).toBe(1001);
    expect((await rig.ready({})).map((bead) => bead.id)).toEqual([`${rootId}.1`]);
  });
}
