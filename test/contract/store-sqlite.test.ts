import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { createFakeStore } from '../fakes/store.ts';
import { runWorkers, startWorker } from '../support/workers.ts';
import type { StoreWorkerInput } from './store-worker.ts';
import { raceContract } from './store-races.contract.ts';
import { storeContract } from './store.contract.ts';
import { IDENTITY, insertIssue, numbers, titlesOf, type StoreUnderTest } from './store-rows.ts';

const WORKER = new URL('./store-worker.ts', import.meta.url);
let home: string;
let made = 0;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gt-sqlite-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function place(dir = join(home, 'T/.store')): StoreUnderTest {
  return {
    open: (options = {}) => createSqliteStore({ dir, clock: createClock(), ...options }),
    freshName: () => `db${(made += 1)}`,
  };
}

describe('sqlite store', () => {
  storeContract(() => place());
  raceContract(() => place());

  it('keeps its folder 0700 and every file of a database 0600', async () => {
    const dir = join(home, 'modes/.store');
    const store = place(dir).open();
    await insertIssue(await store.create('hq', IDENTITY), 'gt-1');
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const file of ['hq.db', 'hq.db-wal', 'hq.db-shm']) {
      expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    }
    await store.close();
  });

  it('does not write through a handle on a file that was removed or replaced', async () => {
    const dir = join(home, 'gone/.store');
    const store = place(dir).open();
    const db = await store.create('hq', IDENTITY);
    await insertIssue(db, 'gt-1');
    renameSync(join(dir, 'hq.db'), join(dir, 'elsewhere.db'));
    await expect(insertIssue(db, 'gt-2')).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(titlesOf(db)).rejects.toMatchObject({ code: 'store.unavailable' });
    await store.close();
  });

  it('says that a file is damaged instead of replacing it', async () => {
    const dir = join(home, 'damaged/.store');
    const store = place(dir).open();
    await store.create('other', IDENTITY);
    writeFileSync(
      join(dir, 'hq.db'),
      'not a database, but eleven hundred bytes of somebody else '.repeat(20),
    );
    await expect(store.open('hq')).rejects.toMatchObject({ code: 'store.corrupt' });
    await expect(store.create('hq', IDENTITY)).rejects.toMatchObject({ code: 'store.corrupt' });
    await store.close();
  });

  it('reports a folder that cannot be made, and leaves nothing half made', async () => {
    const dir = join(home, 'a-file');
    writeFileSync(dir, 'in the way');
    const store = place(dir).open();
    await expect(store.create('hq', IDENTITY)).rejects.toMatchObject({ code: 'store.write-failed' });
    expect((await store.health()).ok).toBe(false);
    await store.close();
  });

  it('shows nobody a database that is being made, and clears away what a killed creator left', async () => {
    const dir = join(home, 'drafts/.store');
    const store = place(dir).open();
    await store.create('hq', IDENTITY);
    for (const name of ['.creating-old', '.creating-new']) writeFileSync(join(dir, name), '');
    utimesSync(join(dir, '.creating-old'), 0, 0);
    expect(await store.list()).toEqual(['hq']);
    await store.create('rig', IDENTITY);
    const drafts = readdirSync(dir).filter((name) => name.startsWith('.creating'));
    expect(drafts).toEqual(['.creating-new']);
    await store.close();
  });

  it('gives up on a writer that never ends, with store.busy', async () => {
    const dir = join(home, 'busy/.store');
    const store = createSqliteStore({ dir, clock: createClock(), lockWaitMs: 50 });
    const db = await store.create('hq', IDENTITY);
    const rude = new DatabaseSync(join(dir, 'hq.db'));
    rude.exec('BEGIN IMMEDIATE');
    await expect(insertIssue(db, 'gt-1')).rejects.toMatchObject({ code: 'store.busy' });
    expect(await titlesOf(db)).toEqual([]);
    rude.exec('ROLLBACK');
    rude.close();
    await insertIssue(db, 'gt-1');
    await store.close();
  });
});

describe('sqlite store in many processes', () => {
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'gt-sqlite-'));
    const store = place(dir).open();
    await store.create('hq', IDENTITY);
    await store.close();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const input = (prefix: string, count: number): StoreWorkerInput => ({
    place: { kind: 'sqlite', dir },
    database: 'hq',
    prefix,
    count,
  });

  it('loses and doubles no row of eight writers', async () => {
    await runWorkers(WORKER, 8, (index) => input(`gt-w${index}`, 25));
    const store = place(dir).open();
    const db = await store.open('hq');
    expect(await numbers(db, 'SELECT COUNT(*) AS n FROM issues')).toEqual([200]);
    expect(await numbers(db, 'SELECT COUNT(*) AS n FROM labels')).toEqual([200]);
    await store.close();
  });

  it('kill -9 of a writer loses no acknowledged write and leaves no half one', async () => {
    const worker = startWorker(WORKER, input('gt-k', 100_000));
    await worker.line((line) => line === 'gt-k-40');
    worker.child.kill('SIGKILL');
    const acknowledged = await worker.done;
    const store = place(dir).open();
    const db = await store.open('hq');
    const rows = await db.query(
      'SELECT i.id AS n, l.label FROM issues i LEFT JOIN labels l ON l.issue_id = i.id',
    );
    const ids = new Set(rows.map((row) => row['n']));
    expect(acknowledged.filter((id) => !ids.has(String(id)))).toEqual([]);
    expect(rows.filter((row) => row['label'] === null)).toEqual([]);
    expect(await db.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    await insertIssue(db, 'gt-after');
    await store.close();
  });
});

describe('the fake store', () => {
  it('is the sqlite store in a place of its own, gone when it is closed', async () => {
    const fake = createFakeStore();
    const db = await fake.create('hq', IDENTITY);
    await insertIssue(db, 'gt-1');
    const { location } = await fake.health();
    expect(await titlesOf(db)).toHaveLength(1);
    await fake.close();
    expect(statSync(location, { throwIfNoEntry: false })).toBeUndefined();
  });
});
