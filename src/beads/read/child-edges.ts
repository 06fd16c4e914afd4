import { condition, isIn, type Condition } from '../sql/conditions.ts';
import { TABLES, type BeadTable } from '../sql/rows.ts';

/** True of `b` when it is a child of one of these beads; with `undefined` when it has no parent at all. */
export function childEdges(table: BeadTable, parents: readonly string[] | undefined): Condition {
  const children = `SELECT issue_id FROM ${TABLES[table].dependencies} WHERE type = 'parent-child'`;
  if (parents === undefined) return condition(`b.id NOT IN (${children})`);
  const [issues, wisps] = (['depends_on_issue_id', 'depends_on_wisp_id'] as const).map((column) =>
    isIn(column, parents),
  );
  return condition(
    `b.id IN (${children} AND ${issues?.sql}) OR b.id IN (${children} AND ${wisps?.sql})`,
    ...parents,
    ...parents,
  );
}
