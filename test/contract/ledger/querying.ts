import { expect, test } from 'vitest';
import type { Bead, BeadFilter } from '../../../src/beads/types.ts';
import { makeBeads } from './linking.ts';
import { codeOf, type LedgerTown } from './setup.ts';

const ids = (beads: readonly Bead[]): readonly string[] => beads.map((bead) => bead.id);

export function queryingBeads(town: () => LedgerTown): void {
  async function seed(): Promise<void> {
    const { rig, clock } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-p0', title: '100% done_now', priority: 0, labels: ['red', 'blue'] });
      await tx.create({ id: 'fx-bug', title: 'Bug', type: 'bug', assignee: 'bob', labels: ['red'] });
      await tx.create({ id: 'fx-w', title: 'Wisp', keep: 'wisp', labels: ['red'], metadata: { k: 'v' } });
      await tx.create({ id: 'fx-epic', title: 'Epic', type: 'epic', description: 'Käse' });
      await tx.create({ title: 'Child', parent: 'fx-epic' });
    });
    clock.advance(1000);
    await rig.transaction('eve', async (tx) => {
      await tx.create({ id: 'fx-late', title: 'Late' });
      await tx.close('fx-bug', { reason: 'done' });
    });
  }

  test.each<[string, BeadFilter, readonly string[]]>([
    ['everything', {}, ['fx-p0', 'fx-late', 'fx-bug', 'fx-epic', 'fx-epic.1', 'fx-w']],
    ['ids', { ids: ['fx-w', 'fx-p0', 'fx-none'] }, ['fx-p0', 'fx-w']],
    ['no ids', { ids: [] }, []],
    ['status', { status: ['closed'] }, ['fx-bug']],
    ['not status', { notStatus: ['open'] }, ['fx-bug']],
    ['type', { type: ['bug', 'epic'], order: 'id' }, ['fx-bug', 'fx-epic']],
    ['not type', { notType: ['task'], order: 'id' }, ['fx-bug', 'fx-epic']],
    ['assignee', { assignee: 'bob' }, ['fx-bug']],
    ['one of several assignees', { assignee: ['bob', 'bob/'] }, ['fx-bug']],
    ['unassigned', { assignee: '', limit: 2 }, ['fx-p0', 'fx-late']],
    ['all labels', { labels: ['red', 'blue'] }, ['fx-p0']],
    ['any label', { anyLabel: ['blue', 'none'] }, ['fx-p0']],
    ['none of the labels', { notLabels: ['red'], order: 'id' }, ['fx-epic', 'fx-epic.1', 'fx-late']],
    ['parent', { parent: 'fx-epic' }, ['fx-epic.1']],
    ['no parent', { noParent: true, type: ['task'], order: 'id' }, ['fx-late', 'fx-p0', 'fx-w']],
    ['priority 0', { priority: 0 }, ['fx-p0']],
    ['a title with wildcards in it', { titleContains: '0% DONE_' }, ['fx-p0']],
    ['a wildcard alone', { titleContains: '%' }, ['fx-p0']],
    ['text in the description', { textContains: 'käse' }, ['fx-epic']],
    ['creator', { createdBy: 'eve' }, ['fx-late']],
    ['metadata', { metadata: { k: 'v' } }, ['fx-w']],
    ['one table', { tables: ['wisps'] }, ['fx-w']],
    ['no table', { tables: [] }, []],
    ['time', { createdAfter: '2026-03-01T12:00:00Z' }, ['fx-late']],
    ['newest first', { order: 'created', limit: 1 }, ['fx-late']],
    ['hostile text', { titleContains: "' OR '1'='1", labels: ["'; DROP TABLE issues;--"] }, []],
  ])('list by %s', async (_, filter, expected) => {
    await seed();
    const { rig } = town();
    expect(ids(await rig.list(filter))).toEqual(expected);
    if (filter.limit === undefined) expect(await rig.count(filter)).toBe(expected.length);
  });

  test('templates are listed only when asked for', async () => {
    await seed();
    const { rig, store } = town();
    await (await store.open(rig.database)).run("UPDATE issues SET is_template = 1 WHERE id = 'fx-p0'");
    expect(ids(await rig.list({ priority: 0 }))).toEqual([]);
    expect(ids(await rig.list({ priority: 0, includeTemplates: true }))).toEqual(['fx-p0']);
  });

  test('a bead is found by id, without its prefix, and by a unique piece', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'f', {});
      await tx.create({ id: 'fx-abc1', title: 'x' });
      await tx.create({ id: 'fx-abd2', title: 'x' });
      await tx.create({ id: 'fx-wisp-q9z', title: 'x', keep: 'wisp' });
    });
    const found = await Promise.all(
      ['fx-abc1', 'abd2', 'bc', 'fx-bd', 'q9', ' f '].map((text) => rig.find(text)),
    );
    expect(ids(found)).toEqual(['fx-abc1', 'fx-abd2', 'fx-abc1', 'fx-abd2', 'fx-wisp-q9z', 'fx-f']);
    await expect(rig.find('ab')).rejects.toMatchObject({
      code: 'bead.ambiguous',
      message: expect.stringContaining('fx-abc1, fx-abd2'),
    });
    for (const text of ['zzz', '', '%', "'", '_', 'fx-']) {
      expect(await codeOf(rig.find(text)), text).toMatch(/^bead\.(not-found|ambiguous)$/);
    }
  });

  test('ready: open, unblocked, of a kind to work on, not put off; first by priority, then newest', async () => {
    const { rig, clock } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'a', { priority: 1 });
      await makeBeads(tx, 'b', { priority: 0, assignee: 'bob', labels: ['red'] });
      await makeBeads(tx, 'c', { status: 'in_progress' });
      await makeBeads(tx, 'd', { deferUntil: '2026-03-02' });
      await makeBeads(tx, 'e', { deferUntil: '2026-02-28' });
      await makeBeads(tx, 'f', { type: 'gate' });
      await makeBeads(tx, 'g', { keep: 'wisp' });
      await makeBeads(tx, 'h', { keep: 'no-history' });
      await makeBeads(tx, 'i');
      await tx.addEdge({ from: 'fx-i', to: 'fx-a', type: 'blocks' });
      await makeBeads(tx, 'j', { type: 'agent' });
      await tx.create({ id: 'fx-d.1', title: 'Child of the one put off' });
      await tx.addEdge({ from: 'fx-d.1', to: 'fx-d', type: 'parent-child' });
    });
    clock.advance(1000);
    await rig.transaction('ann', (tx) => makeBeads(tx, 'k'));
    const ready = async (filter: object) => ids(await rig.ready(filter));
    expect(await ready({})).toEqual(['fx-b', 'fx-a', 'fx-k', 'fx-e', 'fx-h']);
    expect(await ready({ limit: 1 })).toEqual(['fx-b']);
    expect(await ready({ assignee: 'bob' })).toEqual(['fx-b']);
    expect(await ready({ assignee: '', limit: 2 })).toEqual(['fx-a', 'fx-k']);
    expect(await ready({ labels: ['red'] })).toEqual(['fx-b']);
    expect(await ready({ type: ['gate', 'agent'] })).toEqual(['fx-f', 'fx-j']);
    expect(await ready({ includeDeferred: true })).toContain('fx-d.1');
    expect(await ready({ includeEphemeral: true })).toContain('fx-g');
    expect(await ready({ order: 'oldest' })).toEqual(['fx-a', 'fx-b', 'fx-e', 'fx-h', 'fx-k']);
    clock.advance(49 * 3_600_000);
    await rig.transaction('ann', (tx) => makeBeads(tx, 'l', { priority: 3 }));
    expect(await ready({ order: 'hybrid', assignee: '' })).toEqual(
      ['l', 'a', 'd', 'd.1', 'e', 'h', 'k'].map((name) => `fx-${name}`),
    );
  });

  test('P16: reads take a fixed number of queries, however many beads there are', async () => {
    const { rig, store } = town();
    await rig.transaction('ann', async (tx) => {
      for (let index = 0; index < 12; index += 1) {
        await tx.create({ id: `fx-n${index}`, title: `n${index}`, labels: ['l'] });
        if (index > 0) await tx.addEdge({ from: `fx-n${index}`, to: 'fx-n0', type: 'blocks' });
      }
    });
    const database = await store.open(rig.database);
    const counted = countQueries(database);
    const counts: Record<string, number> = {};
    const run = async (name: string, work: () => Promise<unknown>) => {
      counted.reset();
      await work();
      counts[name] = counted.total();
    };
    await run('list', () => rig.list({}));
    await run('ready', () => rig.ready({}));
    await run('blocked', () => rig.blocked());
    await run('get', () => rig.get('fx-n1'));
    counted.stop();
    expect(counts).toEqual({ list: 2, ready: 3, blocked: 4, get: 2 });
  });

  test('blocked names what holds each bead', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'abcdefg');
      await tx.addEdge({ from: 'fx-a', to: 'fx-b', type: 'blocks' });
      await tx.addEdge({ from: 'fx-a', to: 'fx-c', type: 'conditional-blocks' });
      await tx.addEdge({ from: 'fx-d', to: 'fx-a', type: 'parent-child' });
      await tx.addEdge({ from: 'fx-f', to: 'fx-e', type: 'parent-child' });
      await tx.addEdge({ from: 'fx-g', to: 'fx-e', type: 'waits-for' });
    });
    const blocked = await rig.blocked();
    expect(blocked.map(({ bead, blockedBy }) => [bead.id, blockedBy])).toEqual([
      ['fx-a', ['fx-b', 'fx-c']],
      ['fx-d', ['fx-a']],
      ['fx-g', ['fx-e']],
    ]);
    expect(await rig.openBlockers('fx-d')).toEqual([]);
  });
}

/** Counts the queries of a database by standing in for its method. */
function countQueries(database: { query: (...args: never[]) => unknown }) {
  const original = database.query;
  let total = 0;
  database.query = (...args) => {
    total += 1;
    return original(...args);
  };
  return {
    total: () => total,
    reset: () => {
      total = 0;
    },
    stop: () => {
      database.query = original;
    },
  };
}
