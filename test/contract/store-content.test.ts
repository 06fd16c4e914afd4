import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { listBackups, readBackup } from '../../src/beads/backup/catalog.ts';
import { makeBackup } from '../../src/beads/backup/make.ts';
import { restoreBeside } from '../../src/beads/backup/restore.ts';
import { copyDatabase } from '../../src/beads/content/copy.ts';
import { differingTables, digestDatabase } from '../../src/beads/content/digest.ts';
import type { Store } from '../../src/ports/store.ts';
import { describeWithDolt, startTestTown, type TestTown } from '../support/dolt.ts';
import { fillLedger } from '../support/random-ledger.ts';
import { codeOf } from './ledger/setup.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gt-content-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = createClock();
const files = createFiles();
const identity = { prefix: 'fx', projectId: '11111111-2222-4333-8444-555555555555' };

function sqliteStore(name: string): Store {
  return createSqliteStore({ dir: join(folder, name), clock, durability: 'none', lockWaitMs: 200 });
}

async function filled(store: Store, database: string, seed: number): Promise<void> {
  const made = await store.create(database, identity);
  await fillLedger(made, (await store.admin()).tables, seed);
}

async function digest(store: Store, database: string) {
  return digestDatabase(await store.open(database), (await store.admin()).tables);
}

describe('a backup on SQLite', () => {
  backupSuite(
    () => sqliteStore('backup'),
    (place) => join(place, 'ledger.db'),
  );

  test('a restored database takes the place of the one in use, which stays under another name', async () => {
    const store = sqliteStore('swap');
    await filled(store, 'hq', 5);
    const good = await digest(store, 'hq');
    const backup = await makeBackup({
      files,
      clock,
      store,
      database: 'hq',
      destination: join(folder, 'swaps'),
    });
    await (await store.open('hq')).run("UPDATE issues SET title = 'Later'");
    const later = await digest(store, 'hq');
    await restoreBeside({ store, database: 'hq', backup, fresh: 'hq__restored' });
    const waiting = sqliteStore('swap');
    const other = await waiting.open('hq');
    await other.query('SELECT 1');
    const admin = await store.admin();
    expect(await codeOf(admin.swap('hq', 'hq__restored', 'hq__before'))).toBe('store.busy');
    await waiting.close();
    await admin.swap('hq', 'hq__restored', 'hq__before');
    expect(await digest(store, 'hq')).toEqual(good);
    expect(await digest(store, 'hq__before')).toEqual(later);
    expect(readdirSync(join(folder, 'swap')).filter((name) => name.includes('restor'))).toEqual([]);
    await store.close();
  }, 20_000);

  test('P2: a swap that fails in the middle leaves the database in use where it is, under one name', async () => {
    const store = sqliteStore('undone');
    await filled(store, 'hq', 7);
    const before = await digest(store, 'hq');
    const admin = await store.admin();
    await expect(admin.swap('hq', 'hq__gone', 'hq__before')).rejects.toThrow();
    expect(await store.list()).toEqual(['hq']);
    expect(await digest(store, 'hq')).toEqual(before);
    await store.close();
  });

  test('a writer that waited while the file was moved away does not write where nobody looks', async () => {
    const store = sqliteStore('moved');
    await filled(store, 'hq', 6);
    const late = createSqliteStore({ dir: join(folder, 'moved'), clock, durability: 'none' });
    const database = await late.open('hq');
    let write: Promise<unknown> = Promise.resolve();
    const admin = await store.admin();
    await admin.freeze(['hq'], async () => {
      write = codeOf(database.run("UPDATE issues SET title = 'lost'"));
      await files.rename(join(folder, 'moved'), join(folder, 'moved.aside'));
    });
    expect(await write).toBe('store.unavailable');
    await store.close();
    await late.close();
  });
});

describeWithDolt('content between SQLite and Dolt', () => {
  let town: TestTown;
  let dolt: Store;
  beforeAll(async () => {
    town = await startTestTown();
    dolt = createDoltStore({ ...town.storeOptions, clock, isTest: true });
  });
  afterAll(async () => {
    await dolt?.close();
    await town?.dispose();
  });

  test.each([1, 2, 3])('every table goes there and back without a difference (seed %i)', async (seed) => {
    const source = sqliteStore(`source${seed}`);
    const back = sqliteStore(`back${seed}`);
    await filled(source, 'hq', seed);
    await dolt.create(`hq${seed}`, { ...identity, projectId: 'other' });
    await back.create('hq', identity);
    const { tables } = await source.admin();
    await copyDatabase(await source.open('hq'), await dolt.open(`hq${seed}`), tables);
    await copyDatabase(await dolt.open(`hq${seed}`), await back.open('hq'), tables);
    const [before, there, after] = [
      await digest(source, 'hq'),
      await digest(dolt, `hq${seed}`),
      await digest(back, 'hq'),
    ];
    expect(differingTables(before, there)).toEqual([]);
    expect(differingTables(before, after)).toEqual([]);
    expect(Object.values(before).every(({ rows }) => rows > 0)).toBe(true);
    await (await back.open('hq')).run("UPDATE labels SET label = 'x' WHERE issue_id = 'fx-0'");
    expect(differingTables(before, await digest(back, 'hq'))).toEqual(['labels (8 rows, 8 rows)']);
    await source.close();
    await back.close();
  });

  test('a table of a thousand and more rows is read in pages, none twice and none left out', async () => {
    const source = sqliteStore('many');
    const made = await source.create('hq', identity);
    await made.transaction(async (sql) => {
      for (let row = 0; row < 2300; row += 1) {
        await sql.run('INSERT INTO config (`key`, value) VALUES (?, ?)', [`k${row}`, 'v']);
        await sql.run(
          'INSERT INTO issues (id, title, description, design, acceptance_criteria, notes) VALUES (?, ?, ?, ?, ?, ?)',
          [`fx-${row}`, 't', '', '', '', ''],
        );
        await sql.run('INSERT INTO labels (issue_id, label) VALUES (?, ?), (?, ?)', [
          `fx-${row}`,
          'a',
          `fx-${row}`,
          'b',
        ]);
      }
    });
    await dolt.create('many', identity);
    const { tables } = await source.admin();
    await copyDatabase(made, await dolt.open('many'), tables);
    const there = await digest(dolt, 'many');
    expect(there['labels']?.rows).toBe(4600);
    expect(differingTables(await digest(source, 'hq'), there)).toEqual([]);
    await source.close();
  }, 60_000);

  describe('a backup on Dolt', () => {
    backupSuite(
      () => createDoltStore({ ...town.storeOptions, clock, isTest: true }),
      (place) => {
        const [name = ''] = readdirSync(place).filter((file) => /^[0-9a-v]{32}$|\.darc$/.test(file));
        return join(place, name);
      },
    );
  });
});

function backupSuite(makeStore: () => Store, dataFile: (place: string) => string): void {
  test('holds the whole database, restores into a new one, and is refused when it was damaged or changed', async () => {
    const store = makeStore();
    const database = `bk_${store.kind}`;
    await filled(store, database, 4);
    const destination = join(folder, `backups-${store.kind}`);
    const backup = await makeBackup({ files, clock, store, database, destination });
    expect(await listBackups(files, destination, database)).toEqual([backup]);
    await (await store.open(database)).run("DELETE FROM labels WHERE issue_id = 'fx-0'");
    const fresh = `${database}__restored_1`;
    const { restored, current } = await restoreBeside({ store, database, backup, fresh });
    expect(restored).toEqual(backup.manifest.tables);
    expect(differingTables(restored, current ?? {})).toEqual(['labels (8 rows, 7 rows)']);
    await (await store.admin()).drop(fresh);

    const wrong = {
      ...backup,
      manifest: { ...backup.manifest, tables: { ...restored, labels: { rows: 8, sha256: 'x' } } },
    };
    expect(await codeOf(restoreBeside({ store, database, backup: wrong, fresh }))).toBe('backup.damaged');
    const other = { ...backup, manifest: { ...backup.manifest, projectId: 'another' } };
    expect(await codeOf(restoreBeside({ store, database, backup: other, fresh }))).toBe('backup.damaged');
    expect(await codeOf(restoreBeside({ store, database: 'zz', backup, fresh }))).toBe(
      'backup.other-project',
    );

    writeFileSync(dataFile(backup.place), 'rubbish');
    appendFileSync(dataFile(backup.place), 'more');
    expect(await codeOf(restoreBeside({ store, database, backup, fresh }))).toBe('backup.damaged');
    expect((await store.list()).filter((name) => name.startsWith(`${database}__`))).toEqual([]);
    rmSync(`${backup.place}.json`);
    expect(await codeOf(readBackup(files, backup.place))).toBe('backup.not-found');
    await store.close();
  }, 60_000);
}
