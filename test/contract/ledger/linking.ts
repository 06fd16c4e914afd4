import { expect, test } from 'vitest';
import type { LedgerTx } from '../../../src/beads/types.ts';
import { codeOf, type LedgerTown } from './setup.ts';

/** Makes beads `fx-<letter>`, one per letter. */
export async function makeBeads(tx: LedgerTx, letters: string, fields: object = {}): Promise<void> {
  for (const letter of letters) await tx.create({ id: `fx-${letter}`, title: letter, ...fields });
}

export function linkingBeads(town: () => LedgerTown): void {
  test.each([
    ['a bead on itself', 'a a', 'blocks', 'edge.self'],
    ['a loop of blockers', 'c a', 'blocks', 'edge.cycle'],
    ['a loop through a conditional blocker', 'c a', 'conditional-blocks', 'edge.cycle'],
    ['another type between the same two', 'a b', 'related', 'edge.other-type'],
    ['a bead on its own grandparent', 'f c', 'blocks', 'edge.child-on-parent'],
    ['a bead waiting for its own grandparent', 'f c', 'waits-for', 'edge.child-on-parent'],
    ['a parent on what is below it', 'c d', 'blocks', 'edge.cycle'],
    ['a parent below its own child', 'c d', 'parent-child', 'edge.cycle'],
    ['a task on an epic', 'a e', 'blocks', 'edge.epic-and-task'],
    ['an epic on a task', 'e a', 'blocks', 'edge.epic-and-task'],
    ['a target that is not there', 'a z', 'blocks', 'bead.not-found'],
    ['a type that is no word', 'a d', "x' OR 1=1", 'edge.bad-type'],
  ])('%s is refused and nothing changes', async (_, pair, type, code) => {
    const { rig } = town();
    const [from, to] = pair.split(' ');
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'abcdf');
      await tx.create({ id: 'fx-e', title: 'Epic', type: 'epic' });
      await tx.addEdge({ from: 'fx-a', to: 'fx-b', type: 'blocks' });
      await tx.addEdge({ from: 'fx-b', to: 'fx-c', type: 'conditional-blocks' });
      await tx.addEdge({ from: 'fx-d', to: 'fx-c', type: 'parent-child' });
      await tx.addEdge({ from: 'fx-f', to: 'fx-d', type: 'parent-child' });
    });
    const before = await rig.edgesFrom(['fx-a', 'fx-b', 'fx-c', 'fx-d', 'fx-e']);
    const add = rig.transaction('ann', (tx) => tx.addEdge({ from: `fx-${from}`, to: `fx-${to}`, type }));
    expect(await codeOf(add)).toBe(code);
    expect(await rig.edgesFrom(['fx-a', 'fx-b', 'fx-c', 'fx-d', 'fx-e'])).toEqual(before);
  });

  test('the same edge again takes new metadata and stays one edge', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'ab');
      await tx.addEdge({ from: 'fx-a', to: 'fx-b', type: 'waits-for' });
      await tx.addEdge({ from: 'fx-a', to: 'fx-b', type: 'waits-for', metadata: '{"gate":"any-children"}' });
    });
    const edges = await rig.edgesFrom(['fx-a']);
    expect(edges).toHaveLength(1);
    expect(JSON.parse(edges[0]?.metadata ?? '')).toEqual({ gate: 'any-children' });
  });

  test('edges join issues and wisps both ways', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'a');
      await makeBeads(tx, 'w', { keep: 'wisp' });
      await tx.addEdge({ from: 'fx-a', to: 'fx-w', type: 'blocks' });
      await makeBeads(tx, 'b');
      await tx.addEdge({ from: 'fx-w', to: 'fx-b', type: 'related' });
    });
    expect((await rig.edgesTo(['fx-w', 'fx-b'])).map((edge) => [edge.from, edge.to])).toEqual([
      ['fx-a', 'fx-w'],
      ['fx-w', 'fx-b'],
    ]);
    expect((await rig.get('fx-a'))?.isBlocked).toBe(true);
    await rig.transaction('ann', (tx) => tx.delete('fx-w'));
    expect([await rig.edgesFrom(['fx-a']), await rig.edgesTo(['fx-b'])]).toEqual([[], []]);
    expect((await rig.get('fx-a'))?.isBlocked).toBe(false);
  });

  test('a bead of another database is an external target: found by its id, never blocking', async () => {
    const { hq, store } = town();
    await hq.transaction('ann', async (tx) => {
      await tx.create({ id: 'hq-cv-abcde', title: 'Convoy', type: 'convoy' });
      await tx.addEdge({ from: 'hq-cv-abcde', to: 'fx-q', type: 'tracks' });
      await tx.addEdge({ from: 'hq-cv-abcde', to: 'external:fx:fx-r', type: 'blocks' });
      await tx.addEdge({ from: 'hq-cv-abcde', to: 'external:proj:api-ready', type: 'blocks' });
    });
    expect((await hq.get('hq-cv-abcde'))?.isBlocked).toBe(false);
    expect((await hq.edgesFrom(['hq-cv-abcde'])).map((edge) => [edge.to, edge.type, edge.external])).toEqual([
      ['external:proj:api-ready', 'blocks', true],
      ['fx-r', 'blocks', true],
      ['fx-q', 'tracks', true],
    ]);
    expect((await hq.edgesTo(['fx-q', 'fx-r'])).map((edge) => edge.to)).toEqual(['fx-r', 'fx-q']);
    const rows = await (
      await store.open(hq.database)
    ).query('SELECT depends_on_external AS x FROM dependencies');
    expect(rows.map((row) => String(row['x'])).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'external:fx:fx-q',
      'external:fx:fx-r',
      'external:proj:api-ready',
    ]);
    expect(await hq.transaction('ann', (tx) => tx.removeEdge('hq-cv-abcde', 'fx-q'))).toBe(true);
    expect(await hq.edgesTo(['fx-q'])).toEqual([]);
  });

  test('a prefix that no database has is refused', async () => {
    const { rig } = town();
    await rig.transaction('ann', (tx) => makeBeads(tx, 'a'));
    const add = rig.transaction('ann', (tx) => tx.addEdge({ from: 'fx-a', to: 'zz-1', type: 'tracks' }));
    expect(await codeOf(add)).toBe('bead.no-route');
  });

  test('removing an edge frees; removing one that is not there says so', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'ab');
      await tx.addEdge({ from: 'fx-a', to: 'fx-b', type: 'blocks' });
    });
    expect(await rig.openBlockers('fx-a')).toEqual(['fx-b']);
    expect(await rig.transaction('ann', (tx) => tx.removeEdge('fx-a', 'fx-b'))).toBe(true);
    expect(await rig.transaction('ann', (tx) => tx.removeEdge('fx-a', 'fx-b'))).toBe(false);
    expect((await rig.get('fx-a'))?.isBlocked).toBe(false);
    expect((await rig.events('fx-a')).map((event) => event.comment)).toEqual([
      '',
      'Added dependency: fx-a blocks fx-b',
      'Removed dependency: fx-a blocks fx-b',
    ]);
  });
}
