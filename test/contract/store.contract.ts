import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { versionedContent } from '../../src/adapters/sql-schema/tables.ts';
import type { Database, SqlSession, Store } from '../../src/ports/store.ts';
import { IDENTITY, insertIssue, numbers, titlesOf, type StoreUnderTest } from './store-rows.ts';
import { transactionContract } from './store-transactions.contract.ts';

/** What every Store promises; run on each adapter. */
export function storeContract(setUp: () => StoreUnderTest): void {
  let store: Store;
  let db: Database;
  let name: string;
  beforeEach(async () => {
    name = setUp().freshName();
    store = setUp().open();
    db = await store.create(name, IDENTITY);
  });
  afterEach(() => store.close());

  describe('databases', () => {
    it('lists exactly the databases that were created', async () => {
      expect(await store.list()).toContain(name);
      expect(await store.list()).not.toContain(name.replace(/.$/, '_'));
    });

    it('opens one that another process created', async () => {
      await insertIssue(db, 'gt-1');
      const other = setUp().open();
      expect(await titlesOf(await other.open(name))).toEqual(['a title']);
      await other.close();
    });

    it('says that an unknown one is not there, and makes none by looking', async () => {
      await expect(store.open(`${name}x`)).rejects.toMatchObject({ code: 'store.no-database' });
      expect(await store.list()).not.toContain(`${name}x`);
    });

    it('refuses names that are no names', async () => {
      for (const bad of ['', '../x', 'a b', 'a`b', 'a.b']) {
        await expect(store.open(bad)).rejects.toMatchObject({ code: 'store.bad-name' });
        await expect(store.create(bad, IDENTITY)).rejects.toMatchObject({ code: 'store.bad-name' });
      }
    });

    it('leaves an existing one as it is when it is created again', async () => {
      await insertIssue(db, 'gt-1');
      const again = await store.create(name, { prefix: 'other', projectId: 'other' });
      expect(await titlesOf(again)).toEqual(['a title']);
      expect(await configOf(again, 'issue_prefix')).toBe('gt');
    });

    it('is created once when two processes create it at the same time', async () => {
      const fresh = setUp().freshName();
      const stores = Array.from({ length: 4 }, () => setUp().open());
      const databases = await Promise.all(stores.map((each) => each.create(fresh, IDENTITY)));
      for (const [index, each] of databases.entries()) await insertIssue(each, `gt-${index}`);
      const [first] = databases;
      expect(first === undefined ? [] : await titlesOf(first)).toHaveLength(4);
      await Promise.all(stores.map((each) => each.close()));
    });

    it('P4: refuses a database of another project', async () => {
      const other = setUp().open({ projectIdOf: async () => 'another-project' });
      await expect(other.open(name)).rejects.toMatchObject({ code: 'store.wrong-identity' });
      await other.close();
      const same = setUp().open({ projectIdOf: async () => IDENTITY.projectId });
      expect((await same.open(name)).name).toBe(name);
      await same.close();
    });

    it('refuses a schema newer or older than its own and names the next step', async () => {
      await db.run('INSERT INTO schema_migrations (version) VALUES (?)', [50]);
      const other = setUp().open();
      await expect(other.open(name)).rejects.toMatchObject({ code: 'store.schema-newer' });
      await db.run('DELETE FROM schema_migrations WHERE version > ?', [32]);
      await expect(other.open(name)).rejects.toMatchObject({
        code: 'store.schema-older',
        hint: expect.stringContaining('bd migrate --yes') as string,
      });
      await other.close();
    });

    it('refuses a database that is no ledger', async () => {
      await db.run('DROP TABLE schema_migrations');
      const other = setUp().open();
      await expect(other.open(name)).rejects.toMatchObject({ code: 'store.not-a-ledger' });
      await other.close();
    });

    it('reports its health with all databases', async () => {
      expect(await store.health()).toMatchObject({ kind: store.kind, ok: true });
      expect((await store.health()).databases).toContain(name);
    });

    it('takes a version commit whether or not something changed', async () => {
      await insertIssue(db, 'gt-1');
      await store.commitVersion(name, 'bd: create gt-1');
      await store.commitVersion(name, 'bd: create gt-1');
      expect(await titlesOf(db)).toEqual(['a title']);
    });
  });

  describe('a new database', () => {
    it('has the settings and version rows that bd expects', async () => {
      const config = await db.query('SELECT `key`, value FROM config ORDER BY `key`');
      expect(Object.fromEntries(config.map((row) => [row['key'], row['value']]))).toEqual({
        auto_compact_enabled: 'false',
        compact_batch_size: '50',
        compact_parallel_workers: '5',
        compact_tier1_days: '30',
        compact_tier1_dep_levels: '2',
        compact_tier2_commits: '100',
        compact_tier2_days: '90',
        compact_tier2_dep_levels: '5',
        compaction_enabled: 'false',
        issue_prefix: 'gt',
        'status.custom': 'staged_ready,staged_warnings',
        'types.custom': 'agent,role,rig,convoy,slot,queue,event,message,molecule,gate,merge-request',
      });
      expect(await numbers(db, 'SELECT version AS n FROM schema_migrations ORDER BY version')).toEqual(
        Array.from({ length: 49 }, (_, index) => index + 1),
      );
      expect(
        await numbers(db, 'SELECT version AS n FROM ignored_schema_migrations ORDER BY version'),
      ).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(await numbers(db, 'SELECT COUNT(*) AS n FROM custom_types')).toEqual([11]);
      expect(await numbers(db, 'SELECT COUNT(*) AS n FROM custom_statuses')).toEqual([2]);
    });

    it('knows its project, its copy and its repository', async () => {
      const rows = await db.query('SELECT `key`, value FROM metadata ORDER BY `key`');
      expect(Object.fromEntries(rows.map((row) => [row['key'], row['value']]))).toEqual({
        _project_id: IDENTITY.projectId,
        clone_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        last_import_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
        repo_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      });
    });

    it('allows the town prefixes in the town database only', async () => {
      expect(await configOf(db, 'allowed_prefixes')).toBeUndefined();
      const hq = await store.create(setUp().freshName(), { ...IDENTITY, prefix: 'hq' });
      expect(await configOf(hq, 'allowed_prefixes')).toBe('hq,hq-cv');
    });

    it('has every table that a version commit names', async () => {
      for (const table of versionedContent) {
        expect(await numbers(db, `SELECT COUNT(*) AS n FROM ${table}`)).toHaveLength(1);
      }
    });
  });

  describe('values', () => {
    it('fills defaults: times in UTC, a version 4 UUID, an empty JSON object', async () => {
      await insertIssue(db, 'gt-1');
      await db.run('INSERT INTO comments (issue_id, author, text) VALUES (?, ?, ?)', ['gt-1', 'a', 'hi']);
      const [issue] = await db.query(
        'SELECT created_at, updated_at, metadata, work_type, is_blocked, priority FROM issues',
      );
      const [comment] = await db.query('SELECT id FROM comments');
      expect(issue).toMatchObject({ metadata: '{}', work_type: 'mutex', is_blocked: 0, priority: 2 });
      expect(issue?.['created_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      const age = Date.now() - Date.parse(`${String(issue?.['created_at']).replace(' ', 'T')}Z`);
      expect(Math.abs(age)).toBeLessThan(60_000);
      expect(comment?.['id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    });

    it('gives back what was written: text in any script, quotes, backslashes, ?, null, big numbers, dates', async () => {
      const title = `it's "ünïcode" 漢字 \\n ? 🚀 -- ; DROP`;
      await insertIssue(db, 'gt-1', title);
      await db.run('UPDATE issues SET timeout_ns = ?, due_at = ?, assignee = ? WHERE id = ?', [
        '9007199254740993',
        '2026-01-02 03:04:05',
        null,
        'gt-1',
      ]);
      expect(await db.query('SELECT title, timeout_ns, due_at, assignee FROM issues')).toEqual([
        { title, timeout_ns: '9007199254740993', due_at: '2026-01-02 03:04:05', assignee: null },
      ]);
      await db.run('UPDATE issues SET timeout_ns = ? WHERE id = ?', [3_600_000_000_000, 'gt-1']);
      expect(await numbers(db, 'SELECT timeout_ns AS n FROM issues')).toEqual([3_600_000_000_000]);
    });

    it('counts and sums as numbers', async () => {
      await insertIssue(db, 'gt-1');
      await insertIssue(db, 'gt-2');
      expect(
        await db.query('SELECT COUNT(*) AS n, SUM(priority) AS s, MAX(priority) AS m FROM issues'),
      ).toEqual([{ n: 2, s: 4, m: 2 }]);
    });

    it('keeps JSON as text', async () => {
      await insertIssue(db, 'gt-1');
      await db.run('UPDATE issues SET metadata = ? WHERE id = ?', ['{"a":[1,{"b":null}]}', 'gt-1']);
      const [row] = await db.query('SELECT metadata FROM issues');
      expect(JSON.parse(String(row?.['metadata']))).toEqual({ a: [1, { b: null }] });
    });

    it('tells letters apart in comparisons and LIKE', async () => {
      await insertIssue(db, 'gt-1', 'Fix It');
      expect(await db.query("SELECT id FROM issues WHERE title = 'fix it'")).toEqual([]);
      expect(await db.query("SELECT id FROM issues WHERE title LIKE '%fix%'")).toEqual([]);
      expect(await db.query("SELECT id FROM issues WHERE title LIKE '%Fix%'")).toHaveLength(1);
    });

    it('counts matched rows, also when the update changes nothing', async () => {
      await insertIssue(db, 'gt-1');
      expect(await db.run("UPDATE issues SET status = 'open' WHERE status = 'open'")).toBe(1);
      expect(await db.run("UPDATE issues SET status = 'open' WHERE status = 'closed'")).toBe(0);
    });
  });

  describe('refused rows', () => {
    it('a taken key is store.duplicate', async () => {
      await insertIssue(db, 'gt-1', 'first');
      await expect(insertIssue(db, 'gt-1', 'second')).rejects.toMatchObject({ code: 'store.duplicate' });
      expect(await titlesOf(db)).toEqual(['first']);
    });

    it('null, too long, wrong type, bad JSON and a dangling reference are store.constraint', async () => {
      await insertIssue(db, 'gt-1');
      const refused = [
        () => insertIssue(db, 'gt-2', 'x'.repeat(501)),
        () => db.run('UPDATE issues SET title = ? WHERE id = ?', [null, 'gt-1']),
        () => db.run('UPDATE issues SET priority = ? WHERE id = ?', ['high', 'gt-1']),
        () => db.run('UPDATE issues SET metadata = ? WHERE id = ?', ['{', 'gt-1']),
        () => db.run('INSERT INTO labels (issue_id, label) VALUES (?, ?)', ['gt-9', 'x']),
        () => db.run("INSERT INTO dependencies (issue_id, created_by) VALUES ('gt-1', 'a')"),
      ];
      for (const each of refused) await expect(each()).rejects.toMatchObject({ code: 'store.constraint' });
      expect(await titlesOf(db)).toEqual(['a title']);
    });

    it('a statement that makes no sense is a bug, not an answer', async () => {
      await expect(db.query('SELECT 1 FROM no_such_table')).rejects.toMatchObject({ code: 'bug.sql' });
    });

    it('deleting a bead deletes its labels, comments, events and edges', async () => {
      await insertIssue(db, 'gt-1');
      await insertIssue(db, 'gt-2');
      await db.run("INSERT INTO labels (issue_id, label) VALUES ('gt-1', 'x')");
      await db.run(
        "INSERT INTO dependencies (issue_id, depends_on_issue_id, created_by) VALUES ('gt-2', 'gt-1', 'a')",
      );
      await db.run("DELETE FROM issues WHERE id = 'gt-1'");
      expect(await numbers(db, 'SELECT COUNT(*) AS n FROM labels')).toEqual([0]);
      expect(await numbers(db, 'SELECT COUNT(*) AS n FROM dependencies')).toEqual([0]);
    });
  });

  describe('dialect', () => {
    it('reads scalars out of JSON as text', async () => {
      await insertIssue(db, 'gt-1');
      await db.run('UPDATE issues SET metadata = ? WHERE id = ?', [
        '{"s":"text","n":5,"t":true,"f":false,"z":null,"q":"null","a-b":"dash","o":{"in":"deep"}}',
        'gt-1',
      ]);
      const read = async (path: string) => {
        const text = db.dialect.jsonText('i.metadata', path);
        return (await db.query(`SELECT ${text} AS v FROM issues i`))[0]?.['v'];
      };
      expect(await read('$.s')).toBe('text');
      expect(await read('$.n')).toBe('5');
      expect(await read('$.t')).toBe('true');
      expect(await read('$.f')).toBe('false');
      expect(await read('$.z')).toBeNull();
      expect(await read('$.missing')).toBeNull();
      expect(await read('$.q')).toBe('null');
      expect(await read('$."a-b"')).toBe('dash');
      expect(await read('$.o.in')).toBe('deep');
    });

    it('splices nothing but names into SQL', () => {
      expect(() => db.dialect.jsonText('metadata', "$.a') OR 1=1 --")).toThrow(/unsafe/);
      expect(() => db.dialect.jsonText('metadata; DROP', '$.a')).toThrow(/unsafe/);
    });

    it('pins a join order', async () => {
      await insertIssue(db, 'gt-1');
      const rows = await db.query(
        `SELECT a.id FROM issues a ${db.dialect.pinnedJoin} issues b ON b.id = a.id`,
      );
      expect(rows).toEqual([{ id: 'gt-1' }]);
    });
  });

  transactionContract(() => ({ db, name, open: () => setUp().open() }));
  viewContract(() => db);
}

function viewContract(setUp: () => Database): void {
  describe('views', () => {
    it('ready_issues shows open, unblocked, undeferred work; blocked_issues counts open blockers', async () => {
      const db = setUp();
      for (const id of ['blocker', 'blocked', 'parent', 'child', 'later', 'closed', 'free']) {
        await insertIssue(db, `gt-${id}`);
      }
      const edge = (from: string, to: string, type: string) =>
        db.run(
          'INSERT INTO dependencies (issue_id, depends_on_issue_id, type, created_by) VALUES (?, ?, ?, ?)',
          [`gt-${from}`, `gt-${to}`, type, 'a'],
        );
      await edge('blocked', 'blocker', 'blocks');
      await edge('parent', 'blocker', 'blocks');
      await edge('child', 'parent', 'parent-child');
      await db.run("UPDATE issues SET defer_until = '2999-01-01 00:00:00' WHERE id = 'gt-later'");
      await db.run("UPDATE issues SET status = 'closed' WHERE id = 'gt-closed'");
      const ids = async (sql: string) => (await db.query(sql)).map((row) => row['id']);
      expect(await ids('SELECT id FROM ready_issues ORDER BY id')).toEqual(['gt-blocker', 'gt-free']);
      expect(await db.query('SELECT id, blocked_by_count AS n FROM blocked_issues ORDER BY id')).toEqual([
        { id: 'gt-blocked', n: 1 },
        { id: 'gt-parent', n: 1 },
      ]);
      await db.run("UPDATE issues SET status = 'closed' WHERE id = 'gt-blocker'");
      expect(await ids('SELECT id FROM ready_issues ORDER BY id')).toEqual([
        'gt-blocked',
        'gt-child',
        'gt-free',
        'gt-parent',
      ]);
      expect(await ids('SELECT id FROM blocked_issues')).toEqual([]);
    });
  });
}

async function configOf(db: SqlSession, key: string): Promise<unknown> {
  return (await db.query('SELECT value FROM config WHERE `key` = ?', [key]))[0]?.['value'];
}
