import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeUlid } from '../../src/core/ulid.ts';
import type { Database, SqlSession, Store } from '../../src/ports/store.ts';
import { IDENTITY, insertIssue, type StoreUnderTest } from './store-rows.ts';

const CONTENDERS = 6;
const ROUNDS = 10;

/** The three races of the store rules, between contenders that share nothing but the store. */
export function raceContract(setUp: () => StoreUnderTest): void {
  describe('races', () => {
    let stores: readonly Store[];
    let databases: readonly Database[];
    beforeEach(async () => {
      const name = setUp().freshName();
      stores = Array.from({ length: CONTENDERS }, () => setUp().open());
      databases = [];
      for (const store of stores) databases = [...databases, await store.create(name, IDENTITY)];
    });
    afterEach(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    const first = (): Database => {
      const [database] = databases;
      if (database === undefined) throw new Error('no database');
      return database;
    };

    it('writers of the same values: exactly one wins, for each writes a ULID beside them', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const id = `gt-same${round}`;
        await insertIssue(first(), id);
        const wins = await Promise.all(databases.map((db) => hook(db, id)));
        expect(wins.filter((won) => won !== undefined)).toHaveLength(1);
        const [row] = await first().query('SELECT metadata FROM issues WHERE id = ?', [id]);
        expect(JSON.parse(String(row?.['metadata']))).toEqual({ dispatch: wins.find(Boolean) });
      }
    });

    it('write skew: blockers closed at the same moment never leave their dependent blocked', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const dependent = `gt-dep${round}`;
        await insertIssue(first(), dependent);
        await first().run('UPDATE issues SET is_blocked = 1 WHERE id = ?', [dependent]);
        const blockers = databases.map((_, index) => `gt-blk${round}-${index}`);
        for (const blocker of blockers) await addBlocker(first(), dependent, blocker);
        await Promise.all(databases.map((db, index) => closeBlocker(db, blockers[index] ?? '', dependent)));
        expect(await first().query('SELECT is_blocked AS n FROM issues WHERE id = ?', [dependent])).toEqual([
          { n: 0 },
        ]);
      }
    });

    it('close against claim on one row: one of them happens, never half of each', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const id = `gt-cc${round}`;
        await insertIssue(first(), id);
        const [closer, claimer] = databases;
        if (closer === undefined || claimer === undefined) throw new Error('no databases');
        const [closed, claimed] = await Promise.all([
          closer.transaction((sql) =>
            sql.run("UPDATE issues SET status = 'closed' WHERE id = ? AND assignee IS NULL", [id]),
          ),
          claimer.transaction((sql) =>
            sql.run("UPDATE issues SET assignee = 'r/polecats/n' WHERE id = ? AND status = 'open'", [id]),
          ),
        ]);
        expect(closed + claimed).toBe(1);
        const [row] = await first().query('SELECT status, assignee FROM issues WHERE id = ?', [id]);
        expect(row).toEqual(
          closed === 1 ? { status: 'closed', assignee: null } : { status: 'open', assignee: 'r/polecats/n' },
        );
      }
    });
  });
}

/** The guarded write of a dispatch: @returns the ULID when this writer won. */
async function hook(db: Database, id: string): Promise<string | undefined> {
  const ulid = makeUlid(Date.now(), randomBytes(10));
  const rows = await db.transaction((sql) =>
    sql.run(
      "UPDATE issues SET status = 'hooked', assignee = 'r/polecats/n', metadata = ? WHERE id = ? AND status = 'open'",
      [JSON.stringify({ dispatch: ulid }), id],
    ),
  );
  return rows === 1 ? ulid : undefined;
}

async function addBlocker(sql: SqlSession, dependent: string, blocker: string): Promise<void> {
  await insertIssue(sql, blocker);
  await sql.run(
    "INSERT INTO dependencies (issue_id, depends_on_issue_id, type, created_by) VALUES (?, ?, 'blocks', 'a')",
    [dependent, blocker],
  );
}

export const OPEN_BLOCKERS = `SELECT COUNT(*) AS n FROM dependencies d JOIN issues b ON b.id = d.depends_on_issue_id
  WHERE d.issue_id = ? AND b.status <> 'closed'`;

/** Closes a blocker and recomputes the dependent from what this transaction sees. */
function closeBlocker(db: Database, blocker: string, dependent: string): Promise<void> {
  return db.transaction(async (sql) => {
    await sql.run("UPDATE issues SET status = 'closed' WHERE id = ?", [blocker]);
    const [row] = await sql.query(OPEN_BLOCKERS, [dependent]);
    await sql.run('UPDATE issues SET is_blocked = ? WHERE id = ?', [row?.['n'] === 0 ? 0 : 1, dependent]);
  });
}
