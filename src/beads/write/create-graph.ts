import { alreadyExists, takenIds } from './allocate-id.ts';
import { recomputeAround } from '../blocked/recompute.ts';
import { batches } from '../sql/conditions.ts';
import { eventRow } from './events.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { newRow, tableOf } from './new-row.ts';
import { BEAD_TABLES, TABLES } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import { checkLabel } from '../words/texts.ts';
import type { NewGraph } from '../types.ts';
import { checkStatus, checkType } from '../words/vocabulary.ts';

/**
 * Inserts beads and the edges between them, which must be without cycles. Throws UsageError, RefusedError
 * `bead.exists` for an id that is taken in either table.
 */
export async function createGraph(scope: WriteScope, { beads, edges }: NewGraph): Promise<void> {
  const now = sqlNow(scope);
  for (const batch of batches(beads)) {
    const [taken] = await takenIds(
      scope,
      batch.map((bead) => bead.id),
    );
    if (taken !== undefined) throw alreadyExists(taken);
  }
  const words = await checkWords(scope, beads);
  const placeOf = new Map(beads.map((bead) => [bead.id, tableOf(bead)] as const));
  for (const table of BEAD_TABLES) {
    const own = beads.filter((bead) => placeOf.get(bead.id) === table);
    const rows = own.map((bead) =>
      newRow(bead, {
        id: bead.id,
        type: words.types.get(bead.type ?? 'task') ?? '',
        status: words.statuses.get(bead.status ?? 'open') ?? '',
        actor: scope.actor,
        now,
      }),
    );
    await insertRows(scope.sql, table, rows);
    const labels = own.flatMap((bead) =>
      [...new Set((bead.labels ?? []).map(checkLabel))].map((label) => ({ issue_id: bead.id, label })),
    );
    await insertRows(scope.sql, TABLES[table].labels, labels);
    const events = own.map((bead) => eventRow(scope, bead.id, { type: 'created' }));
    await insertRows(scope.sql, TABLES[table].events, events);
  }
  for (const table of BEAD_TABLES) {
    const own = edges.filter((edge) => placeOf.get(edge.from) === table);
    await insertRows(
      scope.sql,
      TABLES[table].dependencies,
      own.map((edge) => ({
        id: scope.random.uuid(),
        issue_id: edge.from,
        type: edge.type,
        created_at: now,
        created_by: scope.actor,
        metadata: edge.metadata,
        thread_id: '',
        depends_on_issue_id: placeOf.get(edge.to) === 'issues' ? edge.to : null,
        depends_on_wisp_id: placeOf.get(edge.to) === 'wisps' ? edge.to : null,
      })),
    );
  }
  await recomputeAround(scope, { beads: [...placeOf.keys()] });
}

async function checkWords(scope: WriteScope, beads: NewGraph['beads']) {
  const types = new Map<string, string>();
  for (const word of new Set(beads.map((bead) => bead.type ?? 'task')))
    types.set(word, await checkType(scope, word));
  const statuses = new Map<string, string>();
  for (const word of new Set(beads.map((bead) => bead.status ?? 'open')))
    statuses.set(word, await checkStatus(scope, word));
  return { types, statuses };
}
