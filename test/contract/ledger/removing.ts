import { expect, test } from 'vitest';
import { runRetention } from '../../../src/beads/retention.ts';
import { codeOf, type LedgerTown } from './setup.ts';

const HOUR_MS = 3_600_000;

export function removingBeads(town: () => LedgerTown): void {
  test('a deletion takes every edge in both tables along, frees who waited, and marks its id in their texts', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-a', title: 'A', labels: ['x', 'y'] });
      await tx.create({
        id: 'fx-b',
        title: 'B',
        description: 'after fx-a, not fx-ab or fx-a.1',
        notes: '(fx-a)',
      });
      await tx.create({ id: 'fx-w', title: 'W', keep: 'wisp', design: 'none' });
      await tx.create({ id: 'fx-far', title: 'Far', description: 'fx-a' });
      await tx.addEdge({ from: 'fx-b', to: 'fx-a', type: 'blocks' });
      await tx.addEdge({ from: 'fx-w', to: 'fx-a', type: 'related' });
    });
    const removed = await rig.transaction('bob', (tx) => tx.delete('fx-a'));
    expect(removed).toEqual({
      deleted: ['fx-a'],
      edges: 2,
      labels: 2,
      events: 3,
      references: 1,
      orphaned: ['fx-b', 'fx-w'],
    });
    expect(await rig.get('fx-b')).toMatchObject({
      isBlocked: false,
      description: 'after [deleted:fx-a], not fx-ab or fx-a.1',
      notes: '([deleted:fx-a])',
    });
    expect((await rig.get('fx-far'))?.description).toBe('fx-a');
    expect(await rig.edgesTo(['fx-a'])).toEqual([]);
  });

  test('several at once are one deletion; one that is not there stops it', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      for (const id of ['fx-a', 'fx-b', 'fx-c'])
        await tx.create({ id, title: id, keep: id === 'fx-b' ? 'wisp' : 'issue' });
      await tx.addEdge({ from: 'fx-c', to: 'fx-b', type: 'blocks' });
      await tx.addEdge({ from: 'fx-b', to: 'fx-a', type: 'blocks' });
    });
    expect(await codeOf(rig.transaction('ann', (tx) => tx.delete('fx-a', 'fx-no')))).toBe('bead.not-found');
    expect(await rig.transaction('ann', (tx) => tx.delete('fx-a', 'fx-b'))).toMatchObject({
      edges: 2,
      orphaned: ['fx-c'],
    });
    expect(await rig.get('fx-c')).toMatchObject({ isBlocked: false });
    expect(await rig.count({})).toBe(1);
  });

  test('P23: retention removes closed wisps by class and age, and nothing that lives or is named', async () => {
    const { rig, hq, clock } = town();
    await rig.transaction('ann', async (tx) => {
      const wisp = (id: string, fields: object = {}) =>
        tx.create({ id: `fx-${id}`, title: id, keep: 'wisp', ...fields });
      await wisp('ping', { wispType: 'ping', status: 'closed' });
      await wisp('error', { wispType: 'error', status: 'closed' });
      await wisp('plain', { status: 'closed' });
      await wisp('open');
      await wisp('mr', { status: 'closed', labels: ['gt:merge-request'] });
      await wisp('mail', { status: 'closed', type: 'message' });
      await wisp('named', { status: 'closed' });
      await wisp('hooked', { status: 'closed' });
      await wisp('attached', { status: 'closed' });
      await wisp('far', { status: 'closed' });
      await tx.create({ id: 'fx-kept', title: 'kept', keep: 'no-history', status: 'closed' });
      await tx.create({ id: 'fx-issue', title: 'issue', status: 'closed' });
      await tx.addEdge({ from: 'fx-issue', to: 'fx-named', type: 'related' });
      await tx.create({ id: 'fx-bead', title: 'b', description: 'attached_molecule: fx-attached' });
      await tx.create({ id: 'fx-agent', title: 'a', labels: ['gt:agent'] });
      await tx.update('fx-agent', { hookBead: 'fx-hooked' });
      await wisp('root', { status: 'closed', type: 'molecule' });
      await wisp('step', { status: 'closed', parent: 'fx-root' });
      await wisp('live', { type: 'molecule' });
      await wisp('live-step', { status: 'closed', parent: 'fx-live' });
    });
    await hq.transaction('ann', async (tx) => {
      await tx.create({ id: 'hq-x', title: 'x' });
      await tx.addEdge({ from: 'hq-x', to: 'fx-far', type: 'tracks' });
    });
    clock.advance(25 * HOUR_MS);
    const plan = await runRetention(rig, 'daemon', { now: clock.now(), others: [hq] });
    const gone = ['fx-ping', 'fx-plain', 'fx-root', 'fx-step'];
    expect(plan.remove.map((bead) => bead.id).toSorted()).toEqual(gone);
    expect(Object.fromEntries(plan.kept.map(({ bead, why }) => [bead.id, why]))).toEqual({
      'fx-error': 'recent',
      'fx-mr': 'protected',
      'fx-mail': 'protected',
      'fx-named': 'referenced',
      'fx-hooked': 'held',
      'fx-attached': 'held',
      'fx-far': 'referenced',
      'fx-kept': 'kept for good',
      'fx-live-step': 'held',
    });
    for (const id of gone) expect(await rig.get(id)).toBeUndefined();
    expect(await rig.get('fx-open')).toBeDefined();
  });

  test('a bead closes although another writer deleted the wisp it is a child of', async () => {
    const { rig, store } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-wisp-p', title: 'P', type: 'molecule', keep: 'wisp' });
      await tx.create({ id: 'fx-c', title: 'C', parent: 'fx-wisp-p' });
    });
    const database = await store.open(rig.database);
    await database.transaction((sql) => sql.run("DELETE FROM wisps WHERE id = 'fx-wisp-p'"));
    const closed = await rig.transaction('ann', (tx) => tx.close('fx-c', { reason: 'done' }));
    expect(closed.status).toBe('closed');
  });
}
