import { existing } from '../read/find.ts';
import { isIn } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, integer, text, type BeadTable } from '../sql/rows.ts';
import { sqlNow, type LedgerScope } from '../sql/scope.ts';
import { unionAll } from '../sql/union.ts';
import { changeTable } from '../write/change-table.ts';
import { addLabel } from '../write/labels.ts';
import type { LedgerCheck } from './run.ts';

async function idsInBoth(scope: LedgerScope): Promise<readonly string[]> {
  const rows = await scope.sql.query('SELECT i.id FROM issues i JOIN wisps w ON w.id = i.id ORDER BY i.id');
  return rows.map((row) => text(row, 'id'));
}

export const BOTH_TABLES: LedgerCheck = {
  name: 'both-tables',
  title: 'No id is an issue and a wisp at once',
  severity: 'error',
  remedy: "keeps the issue, takes over the wisp's comments and labels, and removes the wisp",
  detect: idsInBoth,
  async fix(scope) {
    for (const id of await idsInBoth(scope)) {
      await scope.sql.run(
        `INSERT INTO comments (id, issue_id, author, text, created_at)
          SELECT id, issue_id, author, text, COALESCE(created_at, ?) FROM wisp_comments
          WHERE issue_id = ? AND id NOT IN (SELECT id FROM (SELECT id FROM comments) known)`,
        [sqlNow(scope), id],
      );
      const labels = await scope.sql.query('SELECT label FROM wisp_labels WHERE issue_id = ?', [id]);
      const issue = await existing(scope, id);
      for (const row of labels) await addLabel(scope, issue, text(row, 'label'));
      await scope.sql.run('DELETE FROM wisps WHERE id = ?', [id]);
    }
  },
};

interface Counter {
  readonly table: string;
  readonly parent: string;
  readonly last: number;
  readonly needed: number;
}

/** Counters below the highest number that a child already has. */
async function lateCounters(scope: LedgerScope): Promise<readonly Counter[]> {
  const late: Counter[] = [];
  for (const table of BEAD_TABLES.map((name) => TABLES[name].childCounters)) {
    const counters = await scope.sql.query(`SELECT parent_id, last_child FROM ${table} ORDER BY parent_id`);
    const numbers = await childNumbers(scope);
    for (const row of counters) {
      const [parent, last] = [text(row, 'parent_id'), integer(row, 'last_child')];
      const needed = numbers.get(parent) ?? 0;
      if (needed > last) late.push({ table, parent, last, needed });
    }
  }
  return late;
}

/** Parent id → highest number of a direct child `<parent>.<n>`. */
async function childNumbers(scope: LedgerScope): Promise<ReadonlyMap<string, number>> {
  const sql = BEAD_TABLES.map((table) => `SELECT id FROM ${table} WHERE INSTR(id, '.') > 0`);
  const highest = new Map<string, number>();
  for (const row of await scope.sql.query(unionAll(sql))) {
    const [, parent = '', number = ''] = /^(.+)\.(\d+)$/.exec(text(row, 'id')) ?? [];
    if (parent !== '') highest.set(parent, Math.max(highest.get(parent) ?? 0, Number(number)));
  }
  return highest;
}

export const COUNTERS: LedgerCheck = {
  name: 'child-counters',
  title: 'The numbers of new children follow those of the children that exist',
  severity: 'error',
  remedy: 'sets the counters to the highest number in use',
  detect: async (scope) =>
    (await lateCounters(scope)).map(
      ({ parent, last, needed }) => `${parent}: counter ${last}, child ${needed} exists`,
    ),
  async fix(scope) {
    for (const { table, parent, needed } of await lateCounters(scope)) {
      await scope.sql.run(`UPDATE ${table} SET last_child = ? WHERE parent_id = ?`, [needed, parent]);
    }
  },
};

const ORPHAN_LABEL = 'orphaned';

/** Children by their id whose parent is gone and who have no other; those that carry the label are known. */
async function orphans(scope: LedgerScope): Promise<readonly string[]> {
  const sql = BEAD_TABLES.map(
    (table) => `SELECT b.id FROM ${table} b
      WHERE INSTR(b.id, '.') > 0 AND b.id NOT IN (SELECT issue_id FROM ${TABLES[table].labels} WHERE label = '${ORPHAN_LABEL}')
        AND b.id NOT IN (SELECT issue_id FROM ${TABLES[table].dependencies} WHERE type = 'parent-child')`,
  );
  const children = (await scope.sql.query(unionAll(sql))).map((row) => text(row, 'id'));
  const byNumber = children.filter((id) => /\.\d+$/.test(id));
  const parents = [...new Set(byNumber.map(parentOf))];
  const known = new Set<string>();
  for (const table of BEAD_TABLES) {
    const where = isIn('id', parents);
    const rows = await scope.sql.query(`SELECT id FROM ${table} WHERE ${where.sql}`, where.values);
    for (const row of rows) known.add(text(row, 'id'));
  }
  return byNumber.filter((id) => !known.has(parentOf(id))).toSorted();
}

function parentOf(id: string): string {
  return id.slice(0, id.lastIndexOf('.'));
}

export const ORPHANS: LedgerCheck = {
  name: 'orphaned-children',
  title: 'Every child has its parent, or another one',
  severity: 'warning',
  remedy: `labels them '${ORPHAN_LABEL}', so that they are found: bd list -l ${ORPHAN_LABEL}`,
  detect: async (scope) => (await orphans(scope)).map((id) => `${id}: there is no ${parentOf(id)}`),
  async fix(scope) {
    for (const id of await orphans(scope)) await addLabel(scope, await existing(scope, id), ORPHAN_LABEL);
  },
};

const OPEN_WITH_TIME = "status <> 'closed' AND closed_at IS NOT NULL";
const CLOSED_WITHOUT = "status = 'closed' AND closed_at IS NULL";

async function idsWhere(scope: LedgerScope, table: BeadTable, where: string): Promise<readonly string[]> {
  const rows = await scope.sql.query(`SELECT id FROM ${table} WHERE ${where} ORDER BY id`);
  return rows.map((row) => text(row, 'id'));
}

export const CLOSING_TIMES: LedgerCheck = {
  name: 'closing-times',
  title: 'Closed beads have the time of closing, others have none',
  severity: 'error',
  remedy: 'takes the time of the last change for closed beads, and the time away from others',
  async detect(scope) {
    const found: string[] = [];
    for (const table of BEAD_TABLES) {
      found.push(
        ...(await idsWhere(scope, table, CLOSED_WITHOUT)).map((id) => `${id} is closed without a time`),
      );
      found.push(
        ...(await idsWhere(scope, table, OPEN_WITH_TIME)).map((id) => `${id} is open with a time of closing`),
      );
    }
    return found;
  },
  async fix(scope) {
    for (const table of BEAD_TABLES) {
      await scope.sql.run(
        `UPDATE ${table} SET closed_at = updated_at, updated_at = updated_at WHERE ${CLOSED_WITHOUT}`,
      );
      await scope.sql.run(
        `UPDATE ${table} SET closed_at = NULL, updated_at = updated_at WHERE ${OPEN_WITH_TIME}`,
      );
    }
  },
};

const IDENTITY_ROWS = "issue_type IN ('agent', 'rig', 'role')";

export const IDENTITY: LedgerCheck = {
  name: 'identity-rows',
  title: 'Agents, roles and rigs are issues: wisps are in no backup and no history',
  severity: 'warning',
  remedy: 'moves them to the issues, with all that belongs to them',
  detect: async (scope) => (await idsWhere(scope, 'wisps', IDENTITY_ROWS)).map((id) => `${id} is a wisp`),
  async fix(scope) {
    for (const id of await idsWhere(scope, 'wisps', IDENTITY_ROWS)) {
      await changeTable(scope, await existing(scope, id), 'issue');
    }
  },
};
