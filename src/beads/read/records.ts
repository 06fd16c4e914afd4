import { batches, isIn } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, text, time } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { unionAll } from '../sql/union.ts';
import type { BeadComment, BeadEvent } from '../types.ts';

/** Comments of one bead, oldest first. */
export async function commentsOf(scope: LedgerScope, id: string): Promise<readonly BeadComment[]> {
  const sql = BEAD_TABLES.map(
    (table) =>
      `SELECT id, issue_id, author, text, created_at FROM ${TABLES[table].comments} WHERE issue_id = ?`,
  );
  const rows = await scope.sql.query(`${unionAll(sql)} ORDER BY created_at, id`, [id, id]);
  return rows.map((row) => ({
    id: text(row, 'id'),
    issueId: text(row, 'issue_id'),
    author: text(row, 'author'),
    text: text(row, 'text'),
    createdAt: time(row, 'created_at') ?? '',
  }));
}

/** The history of these beads, oldest first. */
export async function eventsOf(scope: LedgerScope, ids: readonly string[]): Promise<readonly BeadEvent[]> {
  const events: BeadEvent[] = [];
  for (const batch of batches(ids)) events.push(...(await eventsOfBatch(scope, batch)));
  return ids.length <= 1 ? events : events.toSorted(byTime);
}

function byTime(left: BeadEvent, right: BeadEvent): number {
  const [a, b] = [`${left.createdAt} ${left.id}`, `${right.createdAt} ${right.id}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

async function eventsOfBatch(scope: LedgerScope, ids: readonly string[]): Promise<readonly BeadEvent[]> {
  const wanted = isIn('issue_id', ids);
  const sql = BEAD_TABLES.map(
    (table) =>
      `SELECT id, issue_id, event_type, actor, old_value, new_value, comment, created_at
        FROM ${TABLES[table].events} WHERE ${wanted.sql}`,
  );
  const values = [...wanted.values, ...wanted.values];
  const rows = await scope.sql.query(`${unionAll(sql)} ORDER BY created_at, id`, values);
  return rows.map((row) => ({
    id: text(row, 'id'),
    issueId: text(row, 'issue_id'),
    type: text(row, 'event_type'),
    actor: text(row, 'actor'),
    oldValue: text(row, 'old_value'),
    newValue: text(row, 'new_value'),
    comment: text(row, 'comment'),
    createdAt: time(row, 'created_at') ?? '',
  }));
}
