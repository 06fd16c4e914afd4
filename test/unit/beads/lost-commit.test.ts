import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database, Store } from '../../../src/ports/store.ts';
import { makeLedgerTown } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

let base: Store;
beforeEach(() => {
  base = createFakeStore();
});
afterEach(() => base.close());

/** A store whose first transaction loses the answer to its COMMIT, which has `landed` or not. */
function losing(hasLanded: boolean): Store {
  return { ...base, open: async (name) => losingDatabase(await base.open(name), hasLanded) };
}

function losingDatabase(database: Database, hasLanded: boolean): Database {
  return {
    ...database,
    async transaction(work, options) {
      try {
        await database.transaction(async (sql) => {
          await work(sql);
          if (!hasLanded) throw new Error('rolled back');
        });
      } catch (error) {
        if (!(error instanceof Error && error.message === 'rolled back')) throw error;
      }
      return database.transaction(async (sql) => (await options?.landed?.(sql)) ?? work(sql));
    },
  };
}

test.each([true, false])(
  'P6: a create whose COMMIT went unanswered is there exactly once (it had landed: %s)',
  async (hasLanded) => {
    const { rig } = await makeLedgerTown(losing(hasLanded));
    const made = await rig.transaction('ann', (tx) => tx.create({ title: 'Once' }));
    expect((await rig.list({})).map((bead) => bead.id)).toEqual([made.id]);
  },
);

test('a landed transaction without a result is not run again', async () => {
  const { rig } = await makeLedgerTown(losing(true));
  let runs = 0;
  await rig.transaction('ann', async (tx) => {
    runs += 1;
    await tx.create({ title: `Run ${runs}` });
  });
  expect((await rig.list({})).map((bead) => bead.title)).toEqual(['Run 1']);
  expect(runs).toBe(1);
});
