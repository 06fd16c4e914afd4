import type { SqlRow } from '../../ports/store.ts';
import { batches, type Condition } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, text, time } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { MOST_KEYS, selectAt } from '../sql/select-at.ts';
import type { Edge } from '../types.ts';
import { queryUnion } from '../sql/union.ts';

/** Of an edge table as `selectAt` names it. */
export const EDGE_COLUMNS =
  't.issue_id, t.type, t.created_at, t.created_by, t.metadata, t.depends_on_issue_id, t.depends_on_wisp_id, t.depends_on_external';

/** The column that names a target of each table; `depends_on_external` is the third, and exactly one is set. */
export const LOCAL_TARGETS = { issues: 'depends_on_issue_id', wisps: 'depends_on_wisp_id' } as const;

/** All edges that leave these beads, oldest first. */
export function edgesFrom(scope: LedgerScope, ids: readonly string[]): Promise<readonly Edge[]> {
  return readEdges(scope, ids, (table, batch) => [selectAt(scope, EDGE_COLUMNS, [table, 'issue_id'], batch)]);
}

/** All edges of this database that arrive at these ids, whichever database the ids belong to. */
export function edgesTo(scope: LedgerScope, ids: readonly string[]): Promise<readonly Edge[]> {
  return readEdges(scope, ids, (table, batch) => [
    ...Object.values(LOCAL_TARGETS).map((column) => selectAt(scope, EDGE_COLUMNS, [table, column], batch)),
    selectAt(scope, EDGE_COLUMNS, [table, 'depends_on_external'], batch.flatMap(externalForms)),
  ]);
}

async function readEdges(
  scope: LedgerScope,
  ids: readonly string[],
  partsOf: (table: string, batch: readonly string[]) => readonly Condition[],
): Promise<readonly Edge[]> {
  const rows: SqlRow[] = [];
  for (const batch of batches(ids, MOST_KEYS)) {
    const parts = BEAD_TABLES.flatMap((table) => partsOf(TABLES[table].dependencies, batch));
    rows.push(...(await queryUnion(scope.sql, parts)));
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
