import type { SqlRow } from '../../ports/store.ts';
import { batches, isIn } from '../sql/conditions.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { BEAD_TABLES, TABLES, text, time, type BeadTable } from '../sql/rows.ts';
import { sqlNow, type LedgerScope, type WriteScope } from '../sql/scope.ts';
import type { BeadEvent } from '../types.ts';
import { unionAll } from '../sql/union.ts';

export type EventType =
  | 'created'
  | 'updated'
  | 'status_changed'
  | 'commented'
  | 'closed'
  | 'reopened'
  | 'claimed'
  | 'dependency_added'
  | 'dependency_removed'
  | 'label_added'
  | 'label_removed';

/** The column holds 64 KiB of bytes; the whole text of a comment is in its own row. */
const EVENT_COMMENT_CHARS = 8000;

export interface NewEvent {
  readonly type: EventType;
  readonly oldValue?: string;
  readonly newValue?: string;
  readonly comment?: string;
}

/** One line of the bead's history, in the twin table of the bead's own. */
export async function writeEvent(
  scope: WriteScope,
  bead: { readonly id: string; readonly table: BeadTable },
  event: NewEvent,
): Promise<void> {
  await insertRows(scope.sql, TABLES[bead.table].events, [eventRow(scope, bead.id, event)]);
}

export function eventRow(scope: WriteScope, id: string, event: NewEvent): SqlRow {
  return {
    id: scope.uuid7(),
    issue_id: id,
    event_type: event.type,
    actor: scope.actor,
    old_value: event.oldValue ?? '',
    new_value: event.newValue ?? '',
    comment: (event.comment ?? '').slice(0, EVENT_COMMENT_CHARS),
    created_at: sqlNow(scope),
  };
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

/** Changed columns as JSON with sorted keys. */
export function changesJson(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(changes).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
