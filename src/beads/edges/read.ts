import type { SqlRow } from '../../ports/store.ts';
import { batches, isIn } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, text, time } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { Edge } from '../types.ts';
import { unionAll } from '../sql/union.ts';

export const EDGE_COLUMNS =
  'issue_id, type, created_at, created_by, metadata, depends_on_issue_id, depends_on_wisp_id, depends_on_external';

/** The column that names a target of each table; `depends_on_external` is the third, and exactly one is set. */
export const LOCAL_TARGETS = { issues: 'depends_on_issue_id', wisps: 'depends_on_wisp_id' } as const;

/** All edges that leave these beads, oldest first. */
export async function edgesFrom(scope: LedgerScope, ids: readonly string[]): Promise<readonly Edge[]> {
  const rows: SqlRow[] = [];
  for (const batch of batches(ids)) {
    const where = isIn('issue_id', batch);
    const sql = BEAD_TABLES.map(
      (table) => `SELECT ${EDGE_COLUMNS} FROM ${TABLES[table].dependencies} WHERE ${where.sql}`,
    );
    rows.push(...(await scope.sql.query(unionAll(sql), [...where.values, ...where.values])));
  }
  return sortedEdges(rows.map(parseEdge));
}

/** All edges of this database that arrive at these ids, whichever database the ids belong to. */
export async function edgesTo(scope: LedgerScope, ids: readonly string[]): Promise<readonly Edge[]> {
  const rows: SqlRow[] = [];
  for (const batch of batches(ids, 200)) {
    const parts = BEAD_TABLES.flatMap((table) => [
      ...Object.values(LOCAL_TARGETS).map((column) => ({ table, where: isIn(column, batch) })),
      { table, where: isIn('depends_on_external', batch.flatMap(externalForms)) },
    ]);
    const sql = parts.map(
      ({ table, where }) => `SELECT ${EDGE_COLUMNS} FROM ${TABLES[table].dependencies} WHERE ${where.sql}`,
    );
    rows.push(
      ...(await scope.sql.query(
        unionAll(sql),
        parts.flatMap(({ where }) => where.values),
      )),
    );
  }
  return sortedEdges(rows.map(parseEdge));
}

/** How a bead of another database may be written: bare, or `external:<prefix>:<id>` for each prefix the id can have. */
export function externalForms(id: string): readonly string[] {
  const prefixes = [...id.matchAll(/-/g)].map((dash) => id.slice(0, dash.index));
  return [id, ...prefixes.map((prefix) => `external:${prefix}:${id}`)];
}

/** The bead id inside `external:<prefix>:<id>`; a capability (`external:proj:cap`) stays as it is. */
function bareTarget(stored: string): string {
  const match = /^external:([^:]+):(.+)$/.exec(stored);
  return match?.[1] !== undefined && match[2]?.startsWith(`${match[1]}-`) === true ? match[2] : stored;
}

export function parseEdge(row: SqlRow): Edge {
  const stored = text(row, 'depends_on_external');
  const local = text(row, 'depends_on_issue_id') || text(row, 'depends_on_wisp_id');
  return {
    from: text(row, 'issue_id'),
    to: stored === '' ? local : bareTarget(stored),
    type: text(row, 'type'),
    external: stored !== '',
    createdAt: time(row, 'created_at') ?? '',
    createdBy: text(row, 'created_by'),
    metadata: text(row, 'metadata') || '{}',
    ...(stored === '' ? {} : { stored }),
  };
}

/** Engines return rows of equal times in any order; people and tests want one. */
export function sortedEdges(edges: readonly Edge[]): readonly Edge[] {
  const key = (edge: Edge) => `${edge.createdAt} ${edge.from} ${edge.type} ${edge.to}`;
  return edges
    .map((edge) => ({ edge, key: key(edge) }))
    .sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)))
    .map(({ edge }) => edge);
}
