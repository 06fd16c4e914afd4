import { afterEach, beforeEach, expect, test } from 'vitest';
import { assert, double, integer, property } from 'fast-check';
import { candidateIds, hashLength, readHashBounds } from '../../../src/beads/words/ids.ts';
import { createLedgers } from '../../../src/beads/ledgers.ts';
import type { Ledger } from '../../../src/beads/types.ts';
import { createFakeStore } from '../../fakes/store.ts';
import type { Store } from '../../../src/ports/store.ts';
import { codeOf } from '../../contract/ledger/setup.ts';

const NOW = 1_700_000_000_123;

let store: Store;
let rig: Ledger;
/** A clock that stands still and no randomness: two creates of the same text want the same id. */
beforeEach(async () => {
  store = createFakeStore();
  await store.create('proj', { prefix: 'fx', projectId: 'p' });
  let uuids = 0;
  rig = await createLedgers({
    store,
    routes: async () => [{ prefix: 'fx', database: 'proj' }],
    clock: { now: () => NOW, monotonic: () => 0, sleep: async () => undefined },
    random: {
      bytes: (count) => new Uint8Array(count),
      uuid: () => `00000000-0000-4000-8000-${String((uuids += 1)).padStart(12, '0')}`,
    },
  }).open('proj');
});
afterEach(() => store.close());

const SEED = { title: 'T', description: '', actor: 'ann', createdNs: BigInt(NOW) * 1_000_000n };

test('equal texts of the same moment get the ten candidates of a length one by one, then longer ids', async () => {
  const ids = await rig.transaction('ann', async (tx) => {
    const made: string[] = [];
    for (let index = 0; index < 12; index += 1) made.push((await tx.create({ title: 'T' })).id);
    return made;
  });
  expect(ids).toEqual([...candidateIds('fx-', SEED, 3), ...candidateIds('fx-', SEED, 4).slice(0, 2)]);
});

test('an id that a wisp has is not given to an issue', async () => {
  const [first, second] = candidateIds('fx-', SEED, 3);
  await rig.transaction('ann', (tx) => tx.create({ id: first ?? '', title: 'Wisp', keep: 'wisp' }));
  expect((await rig.transaction('ann', (tx) => tx.create({ title: 'T' }))).id).toBe(second);
});

test('ids grow with the number of beads: three characters up to 163 of them, then four', async () => {
  const ids = await rig.transaction('ann', async (tx) => {
    const made: string[] = [];
    for (let index = 0; index < 170; index += 1) made.push((await tx.create({ title: `T${index}` })).id);
    return made;
  });
  const lengths = ids.map((id) => id.length - 'fx-'.length);
  // The hash of the 164 beads before decides; children and wisps do not count for issues.
  expect([...new Set(lengths.slice(0, 164))]).toEqual([3]);
  expect([...new Set(lengths.slice(164))]).toEqual([4]);
  expect(new Set(ids).size).toBe(170);
});

test('when every candidate is taken the create is refused, and nothing is overwritten', async () => {
  const all = [3, 4, 5, 6, 7, 8].flatMap((length) => candidateIds('fx-', SEED, length));
  await rig.transaction('ann', async (tx) => {
    for (const id of new Set(all)) await tx.create({ id, title: 'Taken' });
  });
  expect(await codeOf(rig.transaction('ann', (tx) => tx.create({ title: 'T' })))).toBe('bead.no-free-id');
  expect(await rig.count({})).toBe(new Set(all).size);
});

test('for any settings the length is the shortest within bounds that keeps the odds, and never shrinks', () => {
  const bound = integer({ min: 3, max: 8 });
  assert(
    property(
      bound,
      bound,
      double({ min: 0.001, max: 0.999, noNaN: true }),
      integer({ min: 0, max: 2_000_000 }),
      (a, b, odds, count) => {
        const config = {
          min_hash_length: String(a),
          max_hash_length: String(b),
          max_collision_prob: String(odds),
        };
        const bounds = readHashBounds(new Map(Object.entries(config)));
        const length = hashLength(count, bounds);
        const collision = (characters: number) => 1 - Math.exp(-(count * count) / (2 * 36 ** characters));
        expect(length).toBeGreaterThanOrEqual(a);
        expect(length).toBeLessThanOrEqual(Math.max(a, b));
        if (length > a) expect(collision(length - 1)).toBeGreaterThan(odds);
        if (length < Math.max(a, b)) expect(collision(length)).toBeLessThanOrEqual(odds);
        expect(hashLength(count + 1000, bounds)).toBeGreaterThanOrEqual(length);
      },
    ),
  );
});

test.each([[''], ['x'], ['2'], ['9'], ['-1']])(
  'a length of %j that somebody wrote counts as not set',
  (value) => {
    const config = new Map([
      ['min_hash_length', value],
      ['max_hash_length', value],
      ['max_collision_prob', value],
    ]);
    expect(readHashBounds(config)).toEqual(readHashBounds(new Map()));
  },
);
