import type { LedgerScope } from '../sql/scope.ts';
import { selectBeads } from './select.ts';
import { allOf, condition } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, text } from '../sql/rows.ts';
import type { Bead } from '../types.ts';
import { unionAll } from '../sql/union.ts';

const OPEN_EPIC = "b.issue_type = 'epic' AND b.status <> 'closed' AND COALESCE(b.is_template, 0) = 0";

/** An epic that is not closed, and its children. */
export interface EpicProgress {
  readonly epic: Bead;
  /** Direct children, at least one. */
  readonly total: number;
  readonly closed: number;
}

/** Epics that are not closed and have children: a few queries, however many there are. */
export async function epicProgress(scope: LedgerScope, assignee?: string): Promise<readonly EpicProgress[]> {
  const epics = await selectBeads(scope, {
    tables: ['issues'],
    where: () =>
      allOf([
        condition(OPEN_EPIC),
        assignee === undefined ? undefined : condition('b.assignee = ?', assignee),
      ]),
  });
  const counts = BEAD_TABLES.map(
    (table) => `SELECT d.depends_on_issue_id AS epic, c.status AS status
      FROM issues b ${scope.dialect.pinnedJoin} ${TABLES[table].dependencies} d ON d.depends_on_issue_id = b.id
      ${scope.dialect.pinnedJoin} ${table} c ON c.id = d.issue_id
      WHERE ${OPEN_EPIC} AND d.type = 'parent-child'`,
  );
  const rows = await scope.sql.query(
    `SELECT epic, COUNT(*) AS n, SUM(CASE WHEN status = 'closed' THEN 1 ELSE 0 END) AS closed
     FROM (${unionAll(counts)}) c GROUP BY epic`,
  );
  const byEpic = new Map(rows.map((row) => [text(row, 'epic'), row]));
  return epics.flatMap((epic) => {
    const row = byEpic.get(epic.id);
    return row === undefined ? [] : [{ epic, total: Number(row['n']), closed: Number(row['closed']) }];
  });
}
