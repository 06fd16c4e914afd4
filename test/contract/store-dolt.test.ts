import mysql from 'mysql2/promise';
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import type { SqlSession, Store } from '../../src/ports/store.ts';
import { startDolt, type DoltServer } from '../../src/town/dolt-server.ts';
import { describeWithDolt, freePort, killHard, startTestTown, type TestTown } from '../support/dolt.ts';
import { startSeveringProxy } from '../support/severing-proxy.ts';
import { runWorkers, startWorker } from '../support/workers.ts';
import type { StoreWorkerInput } from './store-worker.ts';
import { OPEN_BLOCKERS, raceContract } from './store-races.contract.ts';
import { storeContract } from './store.contract.ts';
import { IDENTITY, insertIssue, numbers, titlesOf, type StoreUnderTest } from './store-rows.ts';

const WORKER = new URL('./store-worker.ts', import.meta.url);

describeWithDolt('dolt store', () => {
  let town: TestTown & { readonly server: DoltServer };
  let made = 0;
  const freshName = (): string => `db${(made += 1)}`;
  const openStore = (options: object = {}): Store =>
    createDoltStore({ ...town.storeOptions, clock: createClock(), ...options });
  beforeAll(async () => {
    town = await startTestTown();
  });
  afterAll(() => town.dispose());

  const place = (): StoreUnderTest => ({ open: openStore, freshName });
  storeContract(place);
  raceContract(place);

  /** A session as `bd` has it: no graph lock, no retries. */
  const foreignSession = (database: string): Promise<Connection> =>
    mysql.createConnection({ ...town.storeOptions, database });
  const runOn = async (session: Connection, sql: string, values: string[] = []): Promise<number> =>
    (await session.query<ResultSetHeader>(sql, values))[0].affectedRows;

  describe('beside writers that do not take the graph lock', () => {
    it('a guarded write with a ULID never wins together with a foreign one', async () => {
      const store = openStore();
      const name = freshName();
      const db = await store.create(name, IDENTITY);
      await insertIssue(db, 'gt-1');
      const foreign = await foreignSession(name);
      const claim = "UPDATE issues SET status = 'hooked', assignee = ? WHERE id = 'gt-1' AND status = 'open'";
      await foreign.query('START TRANSACTION');
      const theirs = await runOn(foreign, claim, ['r/polecats/theirs']);
      const ours = await db.transaction((sql) => sql.run(claim, ['r/polecats/ours']));
      await expect(foreign.query('COMMIT')).rejects.toMatchObject({ errno: 1213 });
      expect([theirs, ours]).toEqual([1, 1]);
      expect(await db.query('SELECT assignee FROM issues')).toEqual([{ assignee: 'r/polecats/ours' }]);
      await foreign.end();
      await store.close();
    });

    it('a transaction that loses at COMMIT runs again and sees the winner', async () => {
      const store = openStore();
      const name = freshName();
      const db = await store.create(name, IDENTITY);
      await insertIssue(db, 'gt-1');
      const foreign = await foreignSession(name);
      const claim = "UPDATE issues SET status = 'hooked', assignee = ? WHERE id = 'gt-1' AND status = 'open'";
      let runs = 0;
      const ours = await db.transaction(async (sql) => {
        runs += 1;
        const rows = await sql.run(claim, ['r/polecats/ours']);
        if (runs === 1) await runOn(foreign, claim, ['r/polecats/theirs']);
        return rows;
      });
      expect([runs, ours]).toEqual([2, 0]);
      expect(await db.query('SELECT assignee FROM issues')).toEqual([{ assignee: 'r/polecats/theirs' }]);
      await foreign.end();
      await store.close();
    });

    it('nothing written after a conflict inside a transaction survives, even when the work hides the conflict', async () => {
      const store = openStore();
      const name = freshName();
      const db = await store.create(name, IDENTITY);
      await insertIssue(db, 'gt-1');
      const foreign = await foreignSession(name);
      let runs = 0;
      await db.transaction(async (sql) => {
        runs += 1;
        await sql.run("UPDATE issues SET assignee = 'ours' WHERE id = 'gt-1'");
        if (runs > 1) return;
        await runOn(foreign, "UPDATE issues SET assignee = 'theirs' WHERE id = 'gt-1'");
        await insertIssue(sql, 'gt-loser');
        // What Dolt reports in the middle of a transaction, here by hand.
        await sql.run("SIGNAL SQLSTATE '40001' SET MESSAGE_TEXT = 'serialization failure'").catch(() => 0);
        // By now the server may have ended the transaction: this would commit by itself.
        await expect(insertIssue(sql, 'gt-after')).rejects.toMatchObject({ code: 'store.busy' });
      });
      expect(runs).toBe(2);
      expect(await numbers(db, 'SELECT id AS n FROM issues ORDER BY id')).toEqual(['gt-1']);
      await foreign.end();
      await store.close();
    });

    it('facts of Dolt that the rules rest on: same values both commit, and skew happens without the lock', async () => {
      const store = openStore();
      const name = freshName();
      const db = await store.create(name, IDENTITY);
      for (const id of ['gt-1', 'gt-a', 'gt-b', 'gt-c']) await insertIssue(db, id);
      for (const blocker of ['gt-a', 'gt-b']) {
        await db.run(
          "INSERT INTO dependencies (issue_id, depends_on_issue_id, created_by) VALUES ('gt-c', ?, 'x')",
          [blocker],
        );
      }
      const one = await foreignSession(name);
      const two = await foreignSession(name);
      const same = "UPDATE issues SET status = 'hooked' WHERE id = 'gt-1' AND status = 'open'";
      for (const each of [one, two]) await each.query('START TRANSACTION');
      expect([await runOn(one, same), await runOn(two, same)]).toEqual([1, 1]);
      for (const each of [one, two]) await each.query('COMMIT');

      for (const each of [one, two]) await each.query('START TRANSACTION');
      await runOn(one, "UPDATE issues SET status = 'closed' WHERE id = 'gt-a'");
      await runOn(two, "UPDATE issues SET status = 'closed' WHERE id = 'gt-b'");
      for (const each of [one, two]) {
        const [rows] = await each.query<RowDataPacket[]>(OPEN_BLOCKERS, ['gt-c']);
        expect(rows[0]?.['n']).toBe(1);
      }
      for (const each of [one, two]) await each.query('COMMIT');
      await one.end();
      await two.end();
      await store.close();
    });
  });

  describe('version commits', () => {
    it('hold the content, not the unversioned tables, and settings only when asked', async () => {
      const store = openStore({ author: 'r.crew.jane <jane@example.com>' });
      const name = freshName();
      const db = await store.create(name, IDENTITY);
      expect(await db.query('SELECT * FROM dolt_status')).toEqual([]);
      expect(await numbers(db, 'SELECT pattern AS n FROM dolt_ignore ORDER BY pattern')).toEqual([
        'ignored_schema_migrations',
        'local_metadata',
        'repo_mtimes',
        'wisp_%',
        'wisps',
      ]);
      await insertIssue(db, 'gt-1');
      await db.run("INSERT INTO wisps (id, title) VALUES ('gt-wisp-1', 'w')");
      await db.run("UPDATE config SET value = 'x' WHERE `key` = 'issue_prefix'");
      await store.commitVersion(name, 'bd: create gt-1');
      expect(await numbers(db, 'SELECT table_name AS n FROM dolt_status')).toEqual(['config']);
      await store.commitVersion(name, 'config', { withSettings: true });
      expect(await db.query('SELECT * FROM dolt_status')).toEqual([]);
      expect(await db.query('SELECT message, author FROM dolt_log ORDER BY commit_order DESC')).toEqual([
        { message: 'config', author: 'r.crew.jane' },
        { message: 'bd: create gt-1', author: 'r.crew.jane' },
        { message: 'schema: create the ledger', author: 'r.crew.jane' },
        { message: 'Initialize data repository', author: 'beads' },
      ]);
      await store.close();
    });
  });

  describe('create', () => {
    it('finishes a bootstrap that was cut off', async () => {
      const name = freshName();
      const raw = await mysql.createConnection(town.storeOptions);
      await raw.query(`CREATE DATABASE ${name}`);
      await raw.query(`USE ${name}`);
      await raw.query("REPLACE INTO dolt_ignore (pattern, ignored) VALUES ('wisps', 1)");
      await raw.query(
        'CREATE TABLE config (`key` varchar(255) NOT NULL, value text NOT NULL, PRIMARY KEY (`key`))',
      );
      await raw.query("INSERT INTO config VALUES ('issue_prefix', 'gt')");
      await raw.end();
      const store = openStore();
      await expect(store.open(name)).rejects.toMatchObject({ code: 'store.unfinished' });
      const db = await store.create(name, IDENTITY);
      await insertIssue(db, 'gt-1');
      expect(await numbers(db, 'SELECT MAX(version) AS n FROM schema_migrations')).toEqual([49]);
      expect(await numbers(db, 'SELECT COUNT(*) AS n FROM dolt_ignore')).toEqual([5]);
      await store.close();
    });

    it("refuses to fill somebody else's database", async () => {
      const name = freshName();
      const raw = await mysql.createConnection(town.storeOptions);
      await raw.query(`CREATE DATABASE ${name}`);
      await raw.query(`USE ${name}`);
      await raw.query('CREATE TABLE theirs (id int PRIMARY KEY)');
      await raw.query("CALL DOLT_COMMIT('-Am', 'theirs')");
      const store = openStore();
      await expect(store.create(name, IDENTITY)).rejects.toMatchObject({ code: 'store.not-a-ledger' });
      const [tables] = await raw.query<RowDataPacket[]>('SHOW TABLES');
      expect(tables).toHaveLength(1);
      await raw.end();
      await store.close();
    });

    it('takes a name that differs from another only by case or _ for another', async () => {
      const store = openStore();
      await store.create('My_rig', IDENTITY);
      await expect(store.open('Myxrig')).rejects.toMatchObject({ code: 'store.no-database' });
      await expect(store.open('my_rig')).rejects.toMatchObject({ code: 'store.no-database' });
      await store.close();
    });
  });

  it('P4: nobody there is store.unavailable, and nothing is made anywhere', async () => {
    const store = createDoltStore({
      ...town.storeOptions,
      port: await freePort(),
      clock: createClock(),
      connectWaitMs: 100,
    });
    for (const call of [() => store.list(), () => store.open('hq'), () => store.create('hq', IDENTITY)]) {
      await expect(call()).rejects.toMatchObject({ code: 'store.unavailable' });
    }
    expect(await store.health()).toMatchObject({ ok: false, databases: [] });
    await store.close();
  });

  it('refuses the port of real towns in a test', () => {
    expect(() => openStore({ port: 3307, isTest: true })).toThrow(/3307/);
  });

  it('many reads and transactions at once share ten connections without starving each other', async () => {
    const store = openStore();
    const db = await store.create(freshName(), IDENTITY);
    const writes = Array.from({ length: 20 }, (_, index) => insertIssue(db, `gt-${index}`));
    const reads = Array.from({ length: 40 }, () => titlesOf(db));
    await Promise.all([...reads, ...writes]);
    expect(await titlesOf(db)).toHaveLength(20);
    await store.close();
  });
});

describeWithDolt('dolt store and kill -9 of its server', () => {
  let town: TestTown & { readonly server: DoltServer };
  beforeAll(async () => {
    town = await startTestTown();
  });
  afterAll(() => town.dispose());
  const openStore = (options: object = {}): Store =>
    createDoltStore({ ...town.storeOptions, clock: createClock(), ...options });

  it('P4: no acknowledged write is lost, none is half there, and the writers go on after the restart', async () => {
    const store = openStore();
    await store.create('hq', IDENTITY);
    const input = (prefix: string): StoreWorkerInput => ({
      place: { kind: 'dolt', ...town.storeOptions },
      database: 'hq',
      prefix,
      count: 60,
    });
    let server = town.server;
    for (const round of [0, 1, 2]) {
      const workers = [0, 1, 2].map((index) => startWorker(WORKER, input(`gt-${round}-${index}`)));
      await Promise.all(
        workers.map((worker, index) => worker.line((line) => line === `gt-${round}-${index}-9`)),
      );
      await killHard(town, server);
      server = await startDolt(town);
      const ends = await Promise.allSettled(workers.map((worker) => worker.done));
      // A COMMIT whose answer was lost ends its writer; all others carry on to their last row.
      for (const end of ends) {
        if (end.status === 'rejected') expect(String(end.reason)).toContain('store.commit-unknown');
      }
      const db = await store.open('hq');
      const rows = await db.query(
        'SELECT i.id, l.label FROM issues i LEFT JOIN labels l ON l.issue_id = i.id WHERE i.id LIKE ?',
        [`gt-${round}-%`],
      );
      const ids = new Set(rows.map((row) => row['id']));
      const acknowledged = workers.flatMap((worker) => worker.lines);
      expect(acknowledged.length).toBeGreaterThanOrEqual(30);
      expect(acknowledged.filter((id) => !ids.has(String(id)))).toEqual([]);
      expect(rows.filter((row) => row['label'] === null)).toEqual([]);
    }
    await store.close();
  });

  describe('a COMMIT whose answer is lost', () => {
    const landedAs =
      (title: string) =>
      async (sql: SqlSession): Promise<string | undefined> => {
        const found = await sql.query('SELECT 1 AS n FROM issues WHERE title = ?', [title]);
        return found.length === 1 ? 'was there' : undefined;
      };

    it.each([
      ['before', 'ran 2'],
      ['after', 'was there'],
    ] as const)(
      '%s the server took it is settled by the ULID that the work wrote',
      async (moment, result) => {
        await using proxy = await startSeveringProxy(town.port);
        const store = openStore({ port: proxy.port });
        const db = await store.create(`lost_${moment}`, IDENTITY);
        let runs = 0;
        proxy.severAt('COMMIT', moment);
        const work = async (sql: SqlSession): Promise<string> => {
          runs += 1;
          await insertIssue(sql, `gt-${moment}`, 'ulid-1');
          return `ran ${runs}`;
        };
        expect(await db.transaction(work, { landed: landedAs('ulid-1') })).toBe(result);
        expect(await titlesOf(db)).toEqual(['ulid-1']);
        await store.close();
      },
    );

    it.each(['before', 'after'] as const)(
      '%s the server took it is reported as unknown when nothing can tell, and not repeated',
      async (moment) => {
        await using proxy = await startSeveringProxy(town.port);
        const store = openStore({ port: proxy.port });
        const db = await store.create(`unknown_${moment}`, IDENTITY);
        proxy.severAt('COMMIT', moment);
        await expect(insertIssue(db, 'gt-1')).rejects.toMatchObject({ code: 'store.commit-unknown' });
        expect(await titlesOf(db)).toHaveLength(moment === 'after' ? 1 : 0);
        await store.close();
      },
    );

    it('is no question when the connection breaks earlier: the work runs again', async () => {
      await using proxy = await startSeveringProxy(town.port);
      const store = openStore({ port: proxy.port });
      const db = await store.create('earlier', IDENTITY);
      for (const statement of ['GET_LOCK', 'START TRANSACTION', 'INSERT INTO issues']) {
        for (const moment of ['before', 'after'] as const) {
          proxy.severAt(statement, moment);
          await insertIssue(db, `gt-${statement.length}-${moment}`);
        }
      }
      expect(await titlesOf(db)).toHaveLength(6);
      await store.close();
    });

    it('does not take back a commit when only the release of the lock is lost', async () => {
      await using proxy = await startSeveringProxy(town.port);
      const store = openStore({ port: proxy.port });
      const db = await store.create('release', IDENTITY);
      proxy.severAt('RELEASE_LOCK', 'before');
      await insertIssue(db, 'gt-1');
      await insertIssue(db, 'gt-2');
      expect(await titlesOf(db)).toHaveLength(2);
      await store.close();
    });
  });

  it('eight processes lose and double no row', async () => {
    const store = openStore();
    const db = await store.create('many', IDENTITY);
    await runWorkers(WORKER, 8, (index) => ({
      place: { kind: 'dolt', ...town.storeOptions },
      database: 'many',
      prefix: `gt-w${index}`,
      count: 10,
    }));
    expect(await numbers(db, 'SELECT COUNT(*) AS n FROM issues')).toEqual([80]);
    expect(await numbers(db, 'SELECT COUNT(*) AS n FROM labels')).toEqual([80]);
    await store.close();
  });
});
