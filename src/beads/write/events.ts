import type { SqlRow } from '../../ports/store.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { TABLES, type BeadTable } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';

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

/** Changed columns as JSON with sorted keys. */
export function changesJson(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(changes).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
