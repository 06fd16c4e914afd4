import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createFakeStore } from '../fakes/store.ts';
import { processContract } from './ledger-processes.contract.ts';
import { ledgerContract } from './ledger.contract.ts';

ledgerContract('SQLite', {
  make: async () => createFakeStore(),
  dispose: (store) => store.close(),
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
