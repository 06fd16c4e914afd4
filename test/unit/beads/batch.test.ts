import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseBatch, runBatch } from '../../../src/beads/plans/batch.ts';
import { RefusedError } from '../../../src/core/errors.ts';
import { makeLedgerTown, type LedgerTown } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

let town: LedgerTown;
beforeEach(async () => {
  town = await makeLedgerTown(createFakeStore());
});
afterEach(() => town.store.close());

test.each(['close fx-a done', 'update fx-a status=closed'])(
  'who may not close a bead by hand may not by `%s`, and nothing of the batch is written',
  async (line) => {
    const { rig } = town;
    await rig.transaction('ann', (tx) => tx.create({ id: 'fx-a', title: 'A' }));
    const ops = parseBatch(`create task 2 Another\n${line}`);
    const refuse = (): never => {
      throw new RefusedError({ code: 'beads.held-by-worker', message: 'it closes when it lands' });
    };
    const done = rig.transaction('ann', (tx) => runBatch(tx, ops, refuse));
    await expect(done).rejects.toMatchObject({ code: 'batch.failed' });
    expect((await rig.list({})).map(({ id, status }) => [id, status])).toEqual([['fx-a', 'open']]);
  },
);
