import { expect, test } from 'vitest';
import { LEDGER_CHECKS } from '../../../src/beads/doctor/checks.ts';
import type { SqlSession } from '../../../src/ports/store.ts';
import { examineLedger, type LedgerTown } from './setup.ts';

type Sql = Pick<SqlSession, 'run'>;

/** How each thing gets wrong, and what holds after the repair. */
const DAMAGE: Readonly<Record<string, readonly ((sql: Sql) => Promise<unknown>)[]>> = {
  'schema-versions': [(sql) => sql.run('DELETE FROM schema_migrations WHERE version = 7')],
  'custom-types': [
    (sql) => sql.run('DELETE FROM custom_types'),
    (sql) => sql.run("INSERT INTO custom_types (name) VALUES ('extra')"),
    (sql) => sql.run("DELETE FROM config WHERE `key` = 'types.custom'"),
  ],
  'custom-statuses': [(sql) => sql.run("UPDATE custom_statuses SET category = 'done' WHERE name = 'review'")],
  'both-tables': [(sql) => copy(sql, 'fx-a', 'issues', 'wisps')],
  'identity-rows': [(sql) => sql.run("UPDATE wisps SET issue_type = 'agent' WHERE id = 'fx-wisp-1'")],
  'misplaced-edges': [(sql) => edge(sql, 'fx-a', 'depends_on_wisp_id', 'fx-d')],
  'dangling-edges': [(sql) => edge(sql, 'fx-a', 'depends_on_wisp_id', 'fx-gone')],
  'child-counters': [(sql) => sql.run("UPDATE child_counters SET last_child = 0 WHERE parent_id = 'fx-e'")],
  'orphaned-children': [(sql) => sql.run("UPDATE issues SET id = 'fx-lost.1' WHERE id = 'fx-d'")],
  'closing-times': [
    (sql) => sql.run("UPDATE issues SET closed_at = NULL WHERE status = 'closed'"),
    (sql) => sql.run("UPDATE issues SET closed_at = '2026-01-01 00:00:00' WHERE id = 'fx-a'"),
  ],
  prefixes: [(sql) => sql.run("UPDATE issues SET id = 'zz-1' WHERE id = 'fx-d'")],
  'blocked-flags': [
    (sql) => sql.run("UPDATE issues SET is_blocked = 1 WHERE id = 'fx-a'"),
    (sql) => sql.run("UPDATE issues SET is_blocked = 0 WHERE id = 'fx-b'"),
  ],
};

async function edge(sql: Sql, from: string, column: string, to: string): Promise<void> {
  await sql.run(
    `INSERT INTO dependencies (id, issue_id, type, created_by, ${column})
      VALUES ('00000000-0000-7000-8000-000000000001', ?, 'blocks', 'x', ?)`,
    [from, to],
  );
}

async function copy(sql: Sql, id: string, from: string, to: string): Promise<void> {
  await sql.run(`INSERT INTO ${to} SELECT * FROM ${from} WHERE id = ?`, [id]);
  await sql.run(
    `INSERT INTO wisp_comments (id, issue_id, author, text, created_at)
      VALUES ('00000000-0000-7000-8000-000000000002', ?, 'x', 'said on the wisp', '2026-01-01 00:00:00')`,
    [id],
  );
}

/** The doctor: each damage is found by its own check, repaired, and then not found any more. */
export function doctoring(town: () => LedgerTown): void {
  const examine = (fix = false) => examineLedger(town().store, town().rig, { clock: town().clock, fix });

  const wrong = async () =>
    (await examine()).filter(({ outcome }) => outcome !== 'ok').map(({ name }) => name);

  /** Work with edges, children, a wisp, closed beads, custom words. */
  async function populate(): Promise<void> {
    await town().rig.transaction('ann', async (tx) => {
      for (const id of ['fx-a', 'fx-b', 'fx-c', 'fx-d', 'fx-e']) await tx.create({ id, title: id });
      await tx.create({ id: 'fx-wisp-1', title: 'Wisp', keep: 'wisp' });
      await tx.addEdge({ from: 'fx-b', to: 'fx-a', type: 'blocks' });
      await tx.addEdge({ from: 'fx-c', to: 'fx-wisp-1', type: 'blocks' });
      await tx.create({ title: 'Child', parent: 'fx-e' });
      await tx.setConfig('types.custom', 'agent,rig');
      await tx.setConfig('status.custom', 'review:wip');
      await tx.close('fx-e.1', { reason: 'done' });
    });
  }

  test('a fresh database and one that was worked with are clean', async () => {
    expect(await wrong()).toEqual([]);
    await populate();
    expect(await wrong()).toEqual([]);
  });

  test('every check has its damage', () => {
    expect(Object.keys(DAMAGE).toSorted()).toEqual(LEDGER_CHECKS.map(({ name }) => name).toSorted());
  });

  const cases = Object.entries(DAMAGE).flatMap(([name, all]) =>
    all.map((damage, at) => ({ name, damage, at })),
  );
  test.each(cases)('$name ($at): broken, found, repaired, clean', async ({ name, damage }) => {
    await populate();
    await damage(await town().store.open(town().rig.database));
    expect(await wrong()).toContain(name);
    const fixed = await examine(true);
    expect(fixed.find((report) => report.name === name)).toMatchObject({ outcome: 'fixed' });
    expect(await wrong()).toEqual([]);
  });

  test('looking changes nothing', async () => {
    await populate();
    const database = await town().store.open(town().rig.database);
    await database.run("UPDATE issues SET is_blocked = 1 WHERE id = 'fx-a'");
    expect([await wrong(), await wrong()]).toEqual([['blocked-flags'], ['blocked-flags']]);
  });

  test('P2: what was said on a wisp is kept when the issue of the same id wins', async () => {
    await populate();
    await copy(await town().store.open(town().rig.database), 'fx-a', 'issues', 'wisps');
    await examine(true);
    expect(await town().rig.comments('fx-a')).toMatchObject([{ text: 'said on the wisp' }]);
    expect(await town().rig.get('fx-a')).toMatchObject({ table: 'issues' });
  });
}
