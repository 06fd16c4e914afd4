import { isJsonObject } from '../../town/json-file.ts';
import { batches, isIn } from '../sql/conditions.ts';
import { findCycles } from '../graphs/cycles.ts';
import { checkEdgeMetadata, checkEdgeType } from '../edges/rules.ts';
import { BEAD_TABLES, TABLES, text, type BeadTable } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import { checkShort } from '../words/texts.ts';
import { parseTime } from '../words/times.ts';
import { textAt, type JsonRecord } from './fields.ts';
import { missingParts, partsOf, type ImportPlan } from './plan.ts';

interface NewEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly fields: JsonRecord;
}

/**
 * Writes the edges of imported beads. One whose other end is missing, or that would close a circle, is left out.
 * @returns what was left out, as `a -> b: why`
 */
export async function writeEdges(scope: WriteScope, plan: ImportPlan): Promise<readonly string[]> {
  const edges = [
    ...plan.create.flatMap((record) => edgesOf(record, partsOf(record, 'dependencies'))),
    ...plan.update.flatMap(({ stored, record }) =>
      edgesOf(record, missingParts(stored.record, record, 'dependencies')),
    ),
  ];
  if (edges.length === 0) return [];
  const tables = await tablesOf(scope, [...new Set(edges.flatMap(({ from, to }) => [from, to]))]);
  const circle = await circular(scope, edges);
  const skipped: string[] = [];
  for (const edge of edges) {
    const why = circle(edge) ? 'it would close a circle' : await writeEdge(scope, edge, tables);
    if (why !== undefined) skipped.push(`${edge.from} -> ${edge.to}: ${why}`);
  }
  return skipped;
}

function edgesOf(record: JsonRecord, parts: readonly unknown[]): readonly NewEdge[] {
  return parts.filter(isJsonObject).map((fields) => ({
    from: textAt(record, 'id'),
    to: checkShort('target', textAt(fields, 'depends_on_id')),
    type: checkEdgeType(textAt(fields, 'type') || 'blocks'),
    fields,
  }));
}

async function tablesOf(scope: WriteScope, ids: readonly string[]): Promise<ReadonlyMap<string, BeadTable>> {
  const found = new Map<string, BeadTable>();
  for (const table of BEAD_TABLES) {
    for (const batch of batches(ids)) {
      const where = isIn('id', batch);
      const rows = await scope.sql.query(`SELECT id FROM ${table} WHERE ${where.sql}`, where.values);
      for (const row of rows) found.set(text(row, 'id'), table);
    }
  }
  return found;
}

/** Which new edges lie on a circle of blocking and parent edges, together with the edges that are there. */
async function circular(scope: WriteScope, edges: readonly NewEdge[]): Promise<(edge: NewEdge) => boolean> {
  const holding = new Set(['blocks', 'conditional-blocks', 'parent-child']);
  const present: { readonly from: string; readonly to: string }[] = [];
  for (const table of BEAD_TABLES) {
    const rows = await scope.sql.query(
      `SELECT issue_id, COALESCE(depends_on_issue_id, depends_on_wisp_id) AS target FROM ${TABLES[table].dependencies}
        WHERE depends_on_external IS NULL AND type IN ('blocks', 'conditional-blocks', 'parent-child')`,
    );
    present.push(...rows.map((row) => ({ from: text(row, 'issue_id'), to: text(row, 'target') })));
  }
  const fresh = edges.filter((edge) => holding.has(edge.type));
  const plain = { type: 'blocks', external: false, createdAt: '', createdBy: '', metadata: '' };
  const groups = findCycles([...present, ...fresh].map(({ from, to }) => ({ ...plain, from, to })));
  const groupOf = new Map(groups.flatMap((group, index) => group.map((id) => [id, index] as const)));
  return ({ from, to, type }) =>
    from === to || (holding.has(type) && groupOf.has(from) && groupOf.get(from) === groupOf.get(to));
}

/** @returns why it was left out */
async function writeEdge(
  scope: WriteScope,
  edge: NewEdge,
  tables: ReadonlyMap<string, BeadTable>,
): Promise<string | undefined> {
  const { from, to, type, fields } = edge;
  const table = tables.get(from) ?? 'issues';
  const target = tables.get(to);
  if (target === undefined && to.startsWith(`${scope.prefix}-`)) return 'there is no such bead';
  const column = target === undefined ? 'external' : target === 'issues' ? 'issue_id' : 'wisp_id';
  const created = fields['created_at'];
  // One edge leads from a bead to another: the file's type replaces the ledger's.
  await scope.sql.run(
    `DELETE FROM ${TABLES[table].dependencies} WHERE issue_id = ? AND depends_on_${column} = ?`,
    [from, to],
  );
  await scope.sql.run(
    `INSERT INTO ${TABLES[table].dependencies}
      (id, issue_id, type, created_at, created_by, metadata, thread_id, depends_on_${column}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      scope.random.uuid(),
      from,
      type,
      typeof created === 'string' ? parseTime(created) : sqlNow(scope),
      checkShort('author', textAt(fields, 'created_by')) || scope.actor,
      checkEdgeMetadata(textAt(fields, 'metadata') || '{}'),
      checkShort('thread', textAt(fields, 'thread_id')),
      to,
    ],
  );
  return undefined;
}
