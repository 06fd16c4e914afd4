import { describe, expect, it } from 'vitest';
import type { Database, SqlSession, Store } from '../../src/ports/store.ts';
import { insertIssue, numbers, titlesOf } from './store-rows.ts';

export interface OpenDatabase {
  readonly db: Database;
  readonly name: string;
  readonly open: () => Store;
}

/** Transactions: all or nothing, unseen until they commit, one after the other. */
export function transactionContract(setUp: () => OpenDatabase): void {
  describe('transactions', () => {
    it('commit all their writes and return what the work returned', async () => {
      const { db } = setUp();
      const result = await db.transaction(async (sql) => {
        await insertIssue(sql, 'gt-1', 'one');
        await insertIssue(sql, 'gt-2', 'two');
        return (await titlesOf(sql)).length;
      });
      expect(result).toBe(2);
      expect(await titlesOf(db)).toEqual(['one', 'two']);
    });

    it('leave nothing behind when the work throws, and throw the same error', async () => {
      const { db } = setUp();
      const failure = new Error('changed my mind');
      const run = db.transaction(async (sql) => {
        await insertIssue(sql, 'gt-1');
        throw failure;
      });
      await expect(run).rejects.toBe(failure);
      expect(await titlesOf(db)).toEqual([]);
      await insertIssue(db, 'gt-2');
      expect(await titlesOf(db)).toHaveLength(1);
    });

    it('go on after a refused row that the work handles', async () => {
      const { db } = setUp();
      await insertIssue(db, 'gt-1', 'first');
      await db.transaction(async (sql) => {
        await expect(insertIssue(sql, 'gt-1')).rejects.toMatchObject({ code: 'store.duplicate' });
        await insertIssue(sql, 'gt-2', 'second');
      });
      expect(await titlesOf(db)).toEqual(['first', 'second']);
    });

    it('are invisible to every other reader until they commit', async () => {
      const { db, name, open } = setUp();
      const other = open();
      const elsewhere = await other.open(name);
      await db.transaction(async (sql) => {
        await insertIssue(sql, 'gt-1');
        expect(await titlesOf(sql)).toHaveLength(1);
        expect(await titlesOf(db)).toEqual([]);
        expect(await titlesOf(elsewhere)).toEqual([]);
      });
      expect(await titlesOf(db)).toHaveLength(1);
      expect(await titlesOf(elsewhere)).toHaveLength(1);
      await other.close();
    });

    it('of one process never interleave', async () => {
      const { db } = setUp();
      const trace: string[] = [];
      const step = (label: string) =>
        db.transaction(async (sql) => {
          trace.push(`${label} in`);
          await sql.query('SELECT 1 AS one');
          await new Promise((resolve) => setImmediate(resolve));
          trace.push(`${label} out`);
        });
      await Promise.all([step('a'), step('b'), step('c')]);
      expect(trace).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    });

    it('refuse to nest instead of waiting for themselves', async () => {
      const { db } = setUp();
      const nested = db.transaction(() => db.transaction(async () => 1));
      await expect(nested).rejects.toMatchObject({ code: 'bug.nested-transaction' });
      expect(await db.transaction(async () => 2)).toBe(2);
    });

    it('may be started by work that outlives the transaction it began in', async () => {
      const { db } = setUp();
      let later: Promise<number> | undefined;
      await db.transaction(async () => {
        later = new Promise((resolve) => setImmediate(resolve)).then(() => db.transaction(async () => 3));
      });
      expect(await later).toBe(3);
    });

    it('do not let a forgotten statement write after their end', async () => {
      const { db } = setUp();
      let kept: SqlSession | undefined;
      await db.transaction(async (sql) => {
        kept = sql;
      });
      if (kept === undefined) throw new Error('no session');
      await expect(insertIssue(kept, 'gt-1')).rejects.toMatchObject({ code: 'bug.transaction-over' });
      expect(await titlesOf(db)).toEqual([]);
    });

    it('of many processes lose no increment', async () => {
      const { db, name, open } = setUp();
      await db.run("INSERT INTO issue_counter (prefix, last_id) VALUES ('gt', 0)");
      const stores = Array.from({ length: 4 }, open);
      await Promise.all(
        stores.map(async (store) => {
          const each = await store.open(name);
          for (let round = 0; round < 10; round += 1) {
            await each.transaction(async (sql) => {
              const [row] = await sql.query("SELECT last_id AS n FROM issue_counter WHERE prefix = 'gt'");
              await sql.run("UPDATE issue_counter SET last_id = ? WHERE prefix = 'gt'", [
                Number(row?.['n']) + 1,
              ]);
            });
          }
          await store.close();
        }),
      );
      expect(await numbers(db, 'SELECT last_id AS n FROM issue_counter')).toEqual([40]);
    });
  });
}
