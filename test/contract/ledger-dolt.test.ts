import { afterAll, beforeAll } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import { startDolt } from '../../src/town/dolt-server.ts';
import type { Database, Store } from '../../src/ports/store.ts';
import { describeWithDolt, killHard, startTestTown } from '../support/dolt.ts';
import { processContract } from './ledger-processes.contract.ts';
import { FEW_ROWS, scaleContract } from './ledger-scale.contract.ts';
import { ledgerContract } from './ledger.contract.ts';

describeWithDolt('a Dolt server', () => {
  let town: Awaited<ReturnType<typeof startTestTown>> | undefined;
  let store: Store | undefined;
  beforeAll(async () => {
    town = await startTestTown();
    store = createDoltStore({ ...town.storeOptions, clock: createClock(), isTest: true });
  });
  afterAll(async () => {
    await store?.close();
    await town?.dispose();
  });

  processContract({
    place: () => ({ kind: 'dolt', ...given(town).storeOptions }),
    database: 'shared',
    title: 'while the server is killed',
    async kill() {
      await killHard(given(town), given(town).server);
      await startDolt(given(town));
    },
  });
  scaleContract({
    store: () => given(store),
    async wholeTables(database, { sql, values }) {
      // The plan of an INSERT names its table like one that is read.
      if (sql.trimStart().startsWith('INSERT')) return [];
      const rows = await database.query(`EXPLAIN PLAN ${sql}`, values);
      const plan = rows.map((row) => String(row['plan'])).join('\n');
      const tables = [...plan.matchAll(/ Table\n[^\w]*name: (\w+)/g)].map((match) => match[1] ?? '');
      const counted = await Promise.all(
        tables.map(async (table) => ({
          table,
          rows: await database.query(`SELECT COUNT(*) AS n FROM ${table}`),
        })),
      );
      return counted.filter(({ rows }) => Number(rows[0]?.['n']) > FEW_ROWS).map(({ table }) => table);
    },
  });
  ledgerContract('Dolt', {
    make: async () => given(store),
    async dispose(used) {
      for (const name of ['proj', 'hq']) await empty(await used.open(name));
    },
  });
});

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the server did not start');
  return value;
}

const GT_TYPES = 'agent,role,rig,convoy,slot,queue,event,message,molecule,gate,merge-request';
const TABLES = ['dependencies', 'wisp_dependencies', 'issues', 'wisps'];

/** Making a database takes a second, so the tests share two of them: rows go, the settings of a new one stay. */
async function empty(database: Database): Promise<void> {
  for (const table of TABLES) {
    const rows = await database.query(`SELECT 1 AS found FROM ${table} LIMIT 1`);
    if (rows.length > 0) await database.run(`DELETE FROM ${table}`);
  }
  const [types] = await database.query("SELECT value FROM config WHERE `key` = 'types.custom'");
  if (types?.['value'] === GT_TYPES) return;
  await database.transaction(async (sql) => {
    await sql.run("DELETE FROM config WHERE `key` LIKE 'kv.%' OR `key` = 'status.custom'");
    await sql.run("UPDATE config SET value = ? WHERE `key` = 'types.custom'", [GT_TYPES]);
    await sql.run('DELETE FROM custom_types');
    for (const type of GT_TYPES.split(','))
      await sql.run('INSERT INTO custom_types (name) VALUES (?)', [type]);
  });
}
