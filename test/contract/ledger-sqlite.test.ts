import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createFakeStore } from '../fakes/store.ts';
import { processContract } from './ledger-processes.contract.ts';
import { scaleContract } from './ledger-scale.contract.ts';
import { ledgerContract } from './ledger.contract.ts';
import type { Store } from '../../src/ports/store.ts';

ledgerContract('SQLite', {
  make: async () => createFakeStore(),
  dispose: (store) => store.close(),
});

describe('a big ledger on SQLite', () => {
  let store: Store | undefined;
  const open = () => (store ??= createFakeStore());
  afterAll(() => store?.close());
  scaleContract({
    store: open,
    async wholeTables(database, { sql, values }) {
      const rows = await database.query(`EXPLAIN QUERY PLAN ${sql}`, values);
      // k and u are what subqueries picked, json_each the keys asked for; the index of open beads is read in order, up to the limit.
      const isFine =
        /^SCAN (?:k|u|few|json_each VIRTUAL TABLE INDEX 1:|\(subquery-\d+\)|CONSTANT ROW|\d+-ROW VALUES CLAUSE|b USING INDEX idx_\w+_open)$/;
      const steps = rows.map((row) => String(row['detail']));
      return steps.filter((step) => step.startsWith('SCAN') && !isFine.test(step));
    },
  });
});

describe('the ledger on SQLite, shared by processes', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'gt-ledger-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  processContract({
    place: () => ({ kind: 'sqlite', dir: home }),
    database: 'shared',
    title: 'while three of them are killed',
    kill: async (workers) => {
      for (const { child } of workers.slice(-3)) child.kill('SIGKILL');
    },
  });
});
