import { insertEdge } from '../edges/write.ts';
import { existing } from '../read/find.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { TABLES, parseBead } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import type { Bead, NewBead } from '../types.ts';
import { checkLabel, checkTitle, cleanText } from '../words/texts.ts';
import { checkStatus, checkType } from '../words/vocabulary.ts';
import { checkChosenId, freeId, nextChildId } from './allocate-id.ts';
import { eventRow, type NewEvent } from './events.ts';
import { insertLabels, labelAdded } from './labels.ts';
import { newRow, tableOf } from './new-row.ts';

/** Inserts one bead with its labels, parent edge and events. Throws UsageError, RefusedError, NotFoundError. */
export async function createBead(scope: WriteScope, bead: NewBead): Promise<Bead> {
  const parent = bead.parent === undefined ? undefined : await existing(scope, bead.parent);
  const type = await checkType(scope, bead.type ?? 'task');
  const status = await checkStatus(scope, bead.status ?? 'open');
  const title = checkTitle(bead.title);
  const table = tableOf(bead);
  const id = await chooseId(scope, { ...bead, title }, parent);
  const row = newRow(bead, { id, type, status, actor: scope.actor, now: sqlNow(scope) });
  await insertRows(scope.sql, table, [row]);
  const created = parseBead({ ...row, bead_table: table }, []);
  const labels = labelsFor(bead, parent);
  await insertLabels(scope, created, labels);
  const told: readonly NewEvent[] = [{ type: 'created' }, ...labels.map(labelAdded)];
  await insertRows(
    scope.sql,
    TABLES[table].events,
    told.map((event) => eventRow(scope, id, event)),
  );
  if (parent === undefined) return { ...created, labels };
  const changes = await insertEdge(scope, { from: created, to: parent.id, type: 'parent-child' });
  return { ...created, labels, isBlocked: changes.get(id) ?? false };
}

async function chooseId(scope: WriteScope, bead: NewBead, parent: Bead | undefined): Promise<string> {
  if (bead.id !== undefined)
    return checkChosenId(scope, { id: bead.id, foreignPrefix: bead.foreignPrefix === true });
  if (parent !== undefined) return nextChildId(scope, parent);
  // The clock has milliseconds, the hash takes nanoseconds: the random rest keeps equal creates apart.
  const fraction = new DataView(Uint8Array.from(scope.random.bytes(4)).buffer).getUint32(0) % 1_000_000;
  return freeId(scope, tableOf(bead), {
    title: bead.title,
    description: cleanText(bead.description ?? ''),
    actor: scope.actor,
    createdNs: BigInt(scope.now()) * 1_000_000n + BigInt(fraction),
  });
}

/** Own labels and, unless declined, those of the parent; sorted, each once. */
function labelsFor(bead: NewBead, parent: Bead | undefined): readonly string[] {
  const inherited = bead.noInheritLabels === true ? [] : (parent?.labels ?? []);
  return [...new Set([...inherited, ...(bead.labels ?? []).map(checkLabel)])].toSorted();
}
