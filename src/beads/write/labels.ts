import { writeEvent, type NewEvent } from './events.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { TABLES } from '../sql/rows.ts';
import type { WriteScope } from '../sql/scope.ts';
import { checkLabel } from '../words/texts.ts';
import type { Bead } from '../types.ts';

/** Adds a label; one that is there stays. */
export async function addLabel(scope: WriteScope, bead: Bead, raw: string): Promise<void> {
  const label = checkLabel(raw);
  const table = TABLES[bead.table].labels;
  // Looked up first: "insert or ignore" would also hide other failures.
  const there = await scope.sql.query(`SELECT 1 AS found FROM ${table} WHERE issue_id = ? AND label = ?`, [
    bead.id,
    label,
  ]);
  if (there.length > 0) return;
  await insertLabels(scope, bead, [label]);
  await writeEvent(scope, bead, labelAdded(label));
}

/** Labels that it does not have, without their events. */
export function insertLabels(
  scope: WriteScope,
  { id, table }: Pick<Bead, 'id' | 'table'>,
  labels: readonly string[],
): Promise<void> {
  return insertRows(
    scope.sql,
    TABLES[table].labels,
    labels.map((label) => ({ issue_id: id, label })),
  );
}

export function labelAdded(label: string): NewEvent {
  return { type: 'label_added', comment: `Added label: ${label}` };
}

/** Removes a label; one that is not there is fine. */
export async function removeLabel(scope: WriteScope, bead: Bead, label: string): Promise<void> {
  const removed = await scope.sql.run(
    `DELETE FROM ${TABLES[bead.table].labels} WHERE issue_id = ? AND label = ?`,
    [bead.id, label.trim()],
  );
  if (removed > 0)
    await writeEvent(scope, bead, { type: 'label_removed', comment: `Removed label: ${label.trim()}` });
}
