import { expect, test } from 'vitest';
import { codeOf, type LedgerTown } from './setup.ts';

export function movingBeads(town: () => LedgerTown): void {
  async function family() {
    await town().rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-root', title: 'Root' });
      await tx.create({ id: 'fx-w', title: 'W', keep: 'wisp', labels: ['l'], parent: 'fx-root' });
      await tx.create({ id: 'fx-dep', title: 'Dependent' });
      await tx.create({ id: 'fx-wdep', title: 'Dependent wisp', keep: 'wisp' });
      await tx.addEdge({ from: 'fx-dep', to: 'fx-w', type: 'blocks' });
      await tx.addEdge({
        from: 'fx-wdep',
        to: 'fx-w',
        type: 'waits-for',
        metadata: '{"gate":"any-children"}',
      });
      await tx.create({ title: 'Step', parent: 'fx-w' });
      await tx.comment('fx-w', 'hello');
    });
  }

  async function around() {
    const { rig } = town();
    return {
      edges: [...(await rig.edgesFrom(['fx-w'])), ...(await rig.edgesTo(['fx-w']))],
      comments: await rig.comments('fx-w'),
      blocked: await Promise.all(['fx-dep', 'fx-wdep'].map(async (id) => (await rig.get(id))?.isBlocked)),
    };
  }

  test('a promoted wisp keeps its id, labels, edges both ways, comments, history and child numbers', async () => {
    const { rig } = town();
    await family();
    const before = await around();
    const events = (await rig.events('fx-w')).length;
    const moved = await rig.transaction('bob', (tx) => tx.move('fx-w', 'issue'));
    expect(moved).toMatchObject({ id: 'fx-w', table: 'issues', ephemeral: false, labels: ['l'] });
    expect(await around()).toEqual(before);
    expect(before.blocked).toEqual([true, true]);
    const after = await rig.events('fx-w');
    expect(after).toHaveLength(events + 1);
    expect(after.at(-1)).toMatchObject({
      type: 'updated',
      actor: 'bob',
      newValue: '{"ephemeral":false,"no_history":false}',
    });
    expect((await rig.transaction('ann', (tx) => tx.create({ title: 'Next', parent: 'fx-w' }))).id).toBe(
      'fx-w.2',
    );
    expect(await rig.count({ ids: ['fx-w'], tables: ['wisps'] })).toBe(0);
  });

  test('blocking goes on through the moved bead: closing it frees who waited', async () => {
    const { rig } = town();
    await family();
    await rig.transaction('ann', async (tx) => {
      await tx.move('fx-w', 'issue');
      await tx.close('fx-w', { reason: 'done', force: true });
    });
    expect((await rig.get('fx-dep'))?.isBlocked).toBe(false);
  });

  test('there and back again changes nothing but the times', async () => {
    const { rig } = town();
    await family();
    const before = [await around(), await rig.get('fx-w')];
    await rig.transaction('ann', async (tx) => {
      await tx.move('fx-w', 'issue');
      await tx.move('fx-w', 'wisp');
    });
    expect([await around(), await rig.get('fx-w')]).toEqual(before);
  });

  test('an issue becomes a wisp that is kept, and one that is not, without changing tables twice', async () => {
    const { rig } = town();
    await family();
    await rig.transaction('ann', (tx) => tx.move('fx-dep', 'no-history'));
    expect(await rig.get('fx-dep')).toMatchObject({
      table: 'wisps',
      noHistory: true,
      ephemeral: false,
      isBlocked: true,
    });
    await rig.transaction('ann', (tx) => tx.move('fx-dep', 'wisp'));
    expect(await rig.get('fx-dep')).toMatchObject({ table: 'wisps', noHistory: false, ephemeral: true });
  });

  test('an id that sits in both tables is not moved onto itself', async () => {
    const { rig, store } = town();
    await family();
    const database = await store.open(rig.database);
    await database.run(
      "INSERT INTO wisps (id, title, description, design, acceptance_criteria, notes) VALUES ('fx-dep', 'T', '', '', '', '')",
    );
    expect(await codeOf(rig.transaction('ann', (tx) => tx.move('fx-dep', 'wisp')))).toBe(
      'bead.in-both-tables',
    );
  });

  test('another prefix: ids, children, edges, texts and new ids follow; words that only look like ids stay', async () => {
    const { rig, store } = town();
    await family();
    await rig.transaction('ann', (tx) =>
      tx.update('fx-root', {
        description: 'see fx-w, fx-w.1. Not fx-none, my-fx-w or fx-w-x.',
        metadata: { at: 'fx-dep' },
      }),
    );
    const before = await rig.count({});
    expect(await rig.transaction('ann', (tx) => tx.renamePrefix('new'))).toBe(before);
    const database = await store.open(rig.database);
    const ids = await database.query('SELECT id FROM issues UNION ALL SELECT id FROM wisps');
    expect(ids.every(({ id }) => String(id).startsWith('new-'))).toBe(true);
    expect(await rig.get('new-root')).toMatchObject({
      description: 'see new-w, new-w.1. Not fx-none, my-fx-w or fx-w-x.',
      metadata: { at: 'new-dep' },
    });
    const edges = await rig.edgesTo(['new-w']);
    expect(edges.map((edge) => `${edge.from} ${edge.type} ${edge.external}`).toSorted()).toEqual([
      'new-dep blocks false',
      'new-w.1 parent-child false',
      'new-wdep waits-for false',
    ]);
    expect(await rig.comments('new-w')).toHaveLength(1);
    expect(await rig.recomputeBlocked()).toBe(0);
    expect((await rig.config()).get('issue_prefix')).toBe('new');
    expect(
      await (await town().ledgers.open(rig.database)).transaction('ann', (tx) => tx.renamePrefix('fx')),
    ).toBe(0);
  });

  test('one bead by another id: what hangs on it goes along, its history too; a taken id is refused', async () => {
    const { rig } = town();
    await family();
    const history = (await rig.events('fx-w')).length;
    await rig.transaction('ann', (tx) => tx.rename('fx-w', 'fx-renamed'));
    expect(await rig.get('fx-w')).toBeUndefined();
    expect(await rig.comments('fx-renamed')).toHaveLength(1);
    expect((await rig.events('fx-renamed')).length).toBe(history);
    const edges = await rig.edgesTo(['fx-renamed']);
    expect(edges.map((edge) => `${edge.from} ${edge.type}`).toSorted()).toEqual([
      'fx-dep blocks',
      'fx-w.1 parent-child',
      'fx-wdep waits-for',
    ]);
    expect(await codeOf(rig.transaction('ann', (tx) => tx.rename('fx-renamed', 'fx-root')))).toBe(
      'bead.exists',
    );
    expect(await codeOf(rig.transaction('ann', (tx) => tx.rename('fx-none', 'fx-x')))).toBe('bead.not-found');
  });

  test('the history of several beads is one list, oldest first', async () => {
    const { rig } = town();
    await family();
    const both = await rig.events('fx-w', 'fx-root');
    const apart = [...(await rig.events('fx-w')), ...(await rig.events('fx-root'))];
    expect(both.map(({ id }) => id).toSorted()).toEqual(apart.map(({ id }) => id).toSorted());
    const times = both.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted());
    expect(await rig.events()).toEqual([]);
  });

  test('a prefix that would land on another bead is refused, and nothing is renamed', async () => {
    const { rig, store } = town();
    await family();
    const database = await store.open(rig.database);
    await database.run(
      "INSERT INTO issues (id, title, description, design, acceptance_criteria, notes) VALUES ('old-w', 'T', '', '', '', '')",
    );
    expect(await codeOf(rig.transaction('ann', (tx) => tx.renamePrefix('old')))).toBe('bead.exists');
    expect(await rig.get('fx-w')).toBeDefined();
  });

  test('a gate that waits for a bead waits for it under the new prefix too', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-a', title: 'A' });
      await tx.create({ id: 'fx-g', title: 'G', type: 'gate', awaitType: 'bead', awaitId: 'fx-a' });
      await tx.renamePrefix('gx');
    });
    expect((await rig.get('gx-g'))?.awaitId).toBe('gx-a');
  });
}
