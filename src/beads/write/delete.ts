import { READINESS_EDGES, readEdgesFrom, readEdgesTo } from '../blocked/facts.ts';
import { recomputeAround } from '../blocked/recompute.ts';
import { batches, isIn } from '../sql/conditions.ts';
import { edgesFrom, edgesTo } from '../edges/read.ts';
import { beadNotFound } from '../errors.ts';
import { BEAD_TABLES, TABLES } from '../sql/rows.ts';
import type { WriteScope } from '../sql/scope.ts';
import { selectByIds } from '../read/select.ts';
import { literally } from '../words/texts.ts';
import type { Bead, Deletion } from '../types.ts';
import { updateBead } from './update.ts';

const TEXTS = ['description', 'design', 'acceptanceCriteria', 'notes'] as const;

/**
 * Removes beads with their labels, comments, events and edges (foreign keys cascade), frees whom they blocked and
 * marks their ids in the texts of the beads they were connected with. The edges that name a wisp have no foreign
 * key: they are removed here. Throws NotFoundError `bead.not-found` for the first that is not there.
 */
export async function deleteBeads(scope: WriteScope, named: readonly string[]): Promise<Deletion> {
  const beads = await existingBeads(scope, named);
  const ids = beads.map((bead) => bead.id);
  const isDeleted = new Set<string>(ids);
  const [leaving, arriving] = [await edgesFrom(scope, ids), await edgesTo(scope, ids)];
  const dependents = await readEdgesTo(scope, ids, READINESS_EDGES);
  const parents = await readEdgesFrom(scope, ids, ['parent-child']);
  const counts = {
    labels: await countRows(scope, 'labels', ids),
    events: await countRows(scope, 'events', ids),
  };
  await deleteRows(scope, beads);
  await recomputeAround(scope, {
    beads: dependents.map((edge) => edge.from).filter((id) => !isDeleted.has(id)),
    spawners: parents.map((edge) => edge.to),
  });
  const connected = [...leaving.map((edge) => edge.to), ...arriving.map((edge) => edge.from)];
  return {
    deleted: ids,
    edges: new Set([...leaving, ...arriving].map((edge) => `${edge.from} ${edge.to}`)).size,
    ...counts,
    references: await markReferences(
      scope,
      ids,
      connected.filter((id) => !isDeleted.has(id)),
    ),
    orphaned: [...new Set(arriving.map((edge) => edge.from))].filter((id) => !isDeleted.has(id)).toSorted(),
  };
}

/** Where an id wrongly sits in both tables, the issue is meant. */
async function existingBeads(scope: WriteScope, ids: readonly string[]): Promise<readonly Bead[]> {
  const found = (await selectByIds(scope, ids)).toSorted((a, b) => (a.table < b.table ? 1 : -1));
  const byId = new Map<string, Bead>(found.map((bead) => [bead.id, bead]));
  const missing = ids.find((id) => !byId.has(id));
  if (missing !== undefined) throw beadNotFound(missing);
  return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
}

async function deleteRows(scope: WriteScope, beads: readonly Bead[]): Promise<void> {
  for (const batch of batches(beads)) {
    const named = batch.map((bead) => bead.id);
    const [issue, wisp] = [isIn('depends_on_issue_id', named), isIn('depends_on_wisp_id', named)];
    for (const table of BEAD_TABLES) {
      await scope.sql.run(`DELETE FROM ${TABLES[table].dependencies} WHERE ${issue.sql} OR ${wisp.sql}`, [
        ...issue.values,
        ...wisp.values,
      ]);
      const own = isIn(
        'id',
        batch.filter((bead) => bead.table === table).map((bead) => bead.id),
      );
      await scope.sql.run(`DELETE FROM ${table} WHERE ${own.sql}`, own.values);
    }
  }
}

async function countRows(
  scope: WriteScope,
  kind: 'labels' | 'events',
  ids: readonly string[],
): Promise<number> {
  let total = 0;
  for (const batch of batches(ids)) {
    const where = isIn('issue_id', batch);
    for (const table of BEAD_TABLES) {
      const sql = `SELECT COUNT(*) AS n FROM ${TABLES[table][kind]} WHERE ${where.sql}`;
      total += Number((await scope.sql.query(sql, where.values))[0]?.['n'] ?? 0);
    }
  }
  return total;
}

/**
 * Writes `[deleted:<id>]` where the texts of connected beads name a deleted one. Wisps are left as they are: queue
 * rows and merge requests keep ids in their texts for programs. @returns beads changed
 */
async function markReferences(
  scope: WriteScope,
  ids: readonly string[],
  connected: readonly string[],
): Promise<number> {
  const words = ids.map(literally).join('|');
  // Not inside a longer id (`fx-a` in `fx-a.1` or `fx-a-b`), and not marked already.
  const named = new RegExp(String.raw`(?<![\w-]|\[deleted:)(?:${words})(?![\w-]|\.\w)`, 'g');
  const mark = (text: string): string => text.replaceAll(named, (id) => `[deleted:${id}]`);
  let changed = 0;
  for (const bead of connected.length === 0 ? [] : await selectByIds(scope, connected)) {
    if (bead.table === 'wisps') continue;
    const marked = TEXTS.map((field) => [field, mark(bead[field])] as const);
    const patch = Object.fromEntries(marked.filter(([field, text]) => text !== bead[field]));
    if (Object.keys(patch).length === 0) continue;
    await updateBead(scope, bead.id, patch);
    changed += 1;
  }
  return changed;
}
