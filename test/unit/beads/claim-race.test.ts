import { afterEach, expect, test } from 'vitest';
import type { Database, SqlSession, Store } from '../../../src/ports/store.ts';
import { makeLedgerTown } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

const base = createFakeStore();
afterEach(() => base.close());

/** A store where a writer without the graph lock takes the bead right before the claim's own UPDATE. */
function contended(): Store {
  return { ...base, open: async (name) => withThief(await base.open(name)) };
}

function withThief(database: Database): Database {
  const steal = (sql: SqlSession): SqlSession => ({
    ...sql,
    async run(statement, values) {
      if (statement.startsWith('UPDATE issues SET assignee')) {
        await sql.run("UPDATE issues SET assignee = 'thief', status = 'in_progress' WHERE id = 'fx-a'");
      }
      return sql.run(statement, values);
    },
  });
  return {
    ...database,
    transaction: (work, options) => database.transaction((sql) => work(steal(sql)), options),
  };
}

test('P15: a claim that comes second between the look and the write loses, and names the winner', async () => {
  const { rig } = await makeLedgerTown(contended());
  await rig.transaction('ann', (tx) => tx.create({ id: 'fx-a', title: 'A' }));
  await rig.transaction('bob', async (tx) => {
    await expect(tx.claim('fx-a', 'bob')).rejects.toMatchObject({
      code: 'bead.claimed',
      message: 'issue already claimed by thief',
    });
  });
  expect(await rig.get('fx-a')).toMatchObject({ assignee: 'thief', status: 'in_progress' });
});
