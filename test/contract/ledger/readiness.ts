import {
  array,
  assert,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  nat,
  oneof,
  record,
  type Arbitrary,
} from 'fast-check';
import { expect, test } from 'vitest';
import type { Bead, Ledger, LedgerTx } from '../../../src/beads/types.ts';
import { makeBeads } from './linking.ts';
import type { LedgerTown } from './setup.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const EDGE_TYPES = [
  'blocks',
  'conditional-blocks',
  'waits-for',
  'parent-child',
  'related',
  'discovered-from',
  'tracks',
] as const;
const STATUSES = ['open', 'in_progress', 'blocked', 'deferred', 'closed', 'pinned', 'hooked'] as const;

const name = constantFrom(...NAMES);
const step = oneof(
  record({
    do: constant('link' as const),
    from: name,
    to: name,
    type: constantFrom(...EDGE_TYPES),
    any: boolean(),
  }),
  record({ do: constant('unlink' as const), from: name, to: name }),
  record({ do: constant('status' as const), id: name, status: constantFrom(...STATUSES) }),
  record({ do: constant('close' as const), id: name }),
  record({ do: constant('reopen' as const), id: name }),
  record({ do: constant('claim' as const), id: name }),
  record({ do: constant('delete' as const), id: name }),
  record({ do: constant('delete-two' as const), id: name, other: name }),
  record({ do: constant('move' as const), id: name, keep: constantFrom('issue', 'wisp', 'no-history') }),
  record({ do: constant('child' as const), id: name }),
);
type Step = typeof step extends Arbitrary<infer T> ? T : never;

export function readiness(town: () => LedgerTown): void {
  test('is_blocked follows the naive recursive definition through random histories with all edge types', async () => {
    const { rig } = town();
    const size = { minLength: 6, maxLength: 24 };
    // Engines with slow commits run fewer histories: GT_TEST_RUNS raises both for a long search.
    const numRuns = Number(process.env['GT_TEST_RUNS'] ?? (town().store.kind === 'sqlite' ? 150 : 5));
    await assert(
      asyncProperty(array(step, size), nat(127), async (steps, wispBits) => {
        await clear(rig);
        await rig.transaction('ann', async (tx) => {
          for (const [index, letter] of NAMES.entries()) {
            await makeBeads(tx, letter, { keep: (wispBits >> index) & 1 ? 'wisp' : 'issue' });
          }
        });
        for (const one of steps) await play(rig, one);
        const { stored, naive } = await compare(rig);
        expect(stored).toEqual(naive);
        expect(await rig.recomputeBlocked()).toBe(0);
      }),
      { numRuns },
    );
  });

  test('closing the last blocker frees a whole tree at once, reopening takes it back', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'abcde');
      await tx.addEdge({ from: 'fx-b', to: 'fx-a', type: 'blocks' });
      await tx.addEdge({ from: 'fx-c', to: 'fx-b', type: 'parent-child' });
      await tx.addEdge({ from: 'fx-d', to: 'fx-c', type: 'parent-child' });
      await tx.addEdge({ from: 'fx-e', to: 'fx-d', type: 'parent-child' });
    });
    expect(await blockedIds(rig)).toEqual(['fx-b', 'fx-c', 'fx-d', 'fx-e']);
    await rig.transaction('ann', (tx) => tx.close('fx-a', { reason: 'done' }));
    expect(await blockedIds(rig)).toEqual([]);
    await rig.transaction('ann', (tx) => tx.reopen('fx-a'));
    expect(await blockedIds(rig)).toEqual(['fx-b', 'fx-c', 'fx-d', 'fx-e']);
  });

  test('a waiter is free when all children are done, or any one, and when there are none', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'sxyn');
      await tx.create({ id: 'fx-all', title: 'all' });
      await tx.create({ id: 'fx-any', title: 'any' });
      await tx.addEdge({ from: 'fx-all', to: 'fx-s', type: 'waits-for' });
      await tx.addEdge({
        from: 'fx-any',
        to: 'fx-s',
        type: 'waits-for',
        metadata: '{"gate":"any-children"}',
      });
    });
    expect(await blockedIds(rig)).toEqual([]);
    await rig.transaction('ann', async (tx) => {
      await tx.addEdge({ from: 'fx-x', to: 'fx-s', type: 'parent-child' });
      await tx.addEdge({ from: 'fx-y', to: 'fx-s', type: 'parent-child' });
    });
    expect(await blockedIds(rig)).toEqual(['fx-all', 'fx-any']);
    await rig.transaction('ann', (tx) => tx.close('fx-x', { reason: 'done' }));
    expect(await blockedIds(rig)).toEqual(['fx-all']);
    await rig.transaction('ann', (tx) => tx.delete('fx-y'));
    expect(await blockedIds(rig)).toEqual([]);
  });

  test('what a writer without these rules left behind is repaired, and only that', async () => {
    const { rig, store } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'abc');
      await tx.addEdge({ from: 'fx-a', to: 'fx-b', type: 'blocks' });
    });
    const database = await store.open(rig.database);
    await database.run("UPDATE issues SET is_blocked = 1 - is_blocked WHERE id IN ('fx-a', 'fx-c')");
    expect(await rig.recomputeBlocked()).toBe(2);
    expect(await blockedIds(rig)).toEqual(['fx-a']);
    expect(await rig.recomputeBlocked()).toBe(0);
  });

  test('a recompute does not touch updated_at', async () => {
    const { rig, clock } = town();
    await rig.transaction('ann', async (tx) => {
      await makeBeads(tx, 'ab');
      await tx.addEdge({ from: 'fx-a', to: 'fx-b', type: 'blocks' });
    });
    const before = (await rig.get('fx-a'))?.updatedAt;
    clock.advance(3_600_000);
    await rig.transaction('ann', (tx) => tx.close('fx-b', { reason: 'done' }));
    expect(await rig.get('fx-a')).toMatchObject({ isBlocked: false, updatedAt: before });
  });
}

async function blockedIds(rig: Ledger): Promise<readonly string[]> {
  return (await rig.list({ order: 'id' })).filter((bead) => bead.isBlocked).map((bead) => bead.id);
}

async function clear(rig: Ledger): Promise<void> {
  await rig.transaction('ann', async (tx) => {
    for (const bead of await tx.list({ includeTemplates: true })) await tx.delete(bead.id);
  });
}

/** One step; what the ledger refuses simply does not happen. */
async function play(rig: Ledger, one: Step): Promise<void> {
  const id = (letter: string) => `fx-${letter}`;
  try {
    await rig.transaction('ann', async (tx) => {
      switch (one.do) {
        case 'link': {
          const metadata = one.any ? { metadata: '{"gate":"any-children"}' } : {};
          return tx.addEdge({ from: id(one.from), to: id(one.to), type: one.type, ...metadata });
        }
        case 'unlink':
          await tx.removeEdge(id(one.from), id(one.to));
          return;
        case 'status':
          return sameAsStored(tx, await tx.update(id(one.id), { status: one.status }));
        case 'close':
          return sameAsStored(tx, await tx.close(id(one.id), { reason: 'r' }));
        case 'reopen':
          return sameAsStored(tx, await tx.reopen(id(one.id)));
        case 'claim':
          return sameAsStored(tx, await tx.claim(id(one.id), 'bob'));
        case 'delete':
          return tx.delete(id(one.id));
        case 'delete-two':
          return tx.delete(id(one.id), id(one.other));
        case 'move':
          return sameAsStored(tx, await tx.move(id(one.id), one.keep));
        case 'child':
          return sameAsStored(tx, await tx.create({ title: 'child', parent: id(one.id) }));
      }
    });
  } catch (error) {
    if (!(error instanceof Error && /^(?:Refused|NotFound)Error$/.test(error.name))) throw error;
  }
}

/** A write answers with the bead as it is now, without reading it again: the two must not differ. */
async function sameAsStored(tx: LedgerTx, answered: Bead): Promise<void> {
  expect(answered).toEqual(await tx.get(answered.id));
}

/** The definition of spec 02 §4, written down plainly, beside what the rows say. */
async function compare(rig: Ledger) {
  const beads = new Map((await rig.list({})).map((bead) => [bead.id as string, bead]));
  const edges = await rig.edgesFrom([...beads.keys()]);
  const isDone = (id: string) => ['closed', 'pinned'].includes(beads.get(id)?.status ?? 'closed');
  const children = (id: string) =>
    edges.filter((edge) => edge.type === 'parent-child' && edge.to === id).map((edge) => edge.from);
  const isBlocked = (id: string): boolean =>
    !isDone(id) &&
    edges.some((edge) => {
      if (edge.from !== id) return false;
      if (edge.type === 'blocks' || edge.type === 'conditional-blocks') return !isDone(edge.to);
      if (edge.type === 'parent-child') return isBlocked(edge.to);
      if (edge.type !== 'waits-for') return false;
      const all = children(edge.to);
      return edge.metadata.includes('any-children')
        ? all.length > 0 && all.every((child) => !isDone(child))
        : all.some((child) => !isDone(child));
    });
  return {
    stored: Object.fromEntries([...beads].map(([id, bead]) => [id, bead.isBlocked])),
    naive: Object.fromEntries([...beads.keys()].map((id) => [id, isBlocked(id)])),
  };
}
