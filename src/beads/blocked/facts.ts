import type { SqlRow } from '../../ports/store.ts';
import { batches } from '../sql/conditions.ts';
import type { BlockEdge, BlockNode } from './plan.ts';
import { BEAD_TABLES, TABLES, flag, text, type BeadTable } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { MOST_KEYS, selectAt } from '../sql/select-at.ts';
import { queryUnion } from '../sql/union.ts';

/** Edge types that decide readiness. */
export const READINESS_EDGES = ['blocks', 'conditional-blocks', 'waits-for', 'parent-child'] as const;
export type ReadinessEdge = (typeof READINESS_EDGES)[number];

const EDGE_COLUMNS =
  't.issue_id, t.type, t.metadata, COALESCE(t.depends_on_issue_id, t.depends_on_wisp_id) AS target';
const FROM = ['issue_id'] as const;
const TO = ['depends_on_issue_id', 'depends_on_wisp_id'] as const;

/** A node with the table it is in. */
export interface PlacedNode extends BlockNode {
  readonly table: BeadTable;
}

export async function readNodes(
  scope: LedgerScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PlacedNode>> {
  const nodes = new Map<string, PlacedNode>();
  for (const batch of batches([...new Set(ids)], MOST_KEYS)) {
    // Issues last: where an id wrongly sits in both tables, the issue wins.
    const parts = BEAD_TABLES.toReversed().map((table) =>
      selectAt(scope, `'${table}' AS bead_table, t.id, t.status, t.is_blocked`, [table, 'id'], batch),
    );
    for (const row of await queryUnion(scope.sql, parts)) nodes.set(text(row, 'id'), parseNode(row));
  }
  return nodes;
}

function parseNode(row: SqlRow): PlacedNode {
  return {
    table: row['bead_table'] === 'wisps' ? 'wisps' : 'issues',
    id: text(row, 'id'),
    status: text(row, 'status'),
    isBlocked: flag(row, 'is_blocked'),
  };
}

type Types = readonly ReadinessEdge[];

/** Edges of these types that leave the ids, local targets only. @param tables where the ids are, when it is known */
export function readEdgesFrom(
  scope: LedgerScope,
  ids: readonly string[],
  types: Types,
  tables: readonly BeadTable[] = BEAD_TABLES,
) {
  return readEdges(scope, { ids, types, columns: FROM, tables });
}

/** Edges of these types that arrive at the ids. */
export function readEdgesTo(scope: LedgerScope, ids: readonly string[], types: Types) {
  return readEdges(scope, { ids, types, columns: TO, tables: BEAD_TABLES });
}

/** Both at once; an edge between two of the ids comes twice. */
export function readEdgesAround(scope: LedgerScope, ids: readonly string[], types: Types) {
  return readEdges(scope, { ids, types, columns: [...FROM, ...TO], tables: BEAD_TABLES });
}

async function readEdges(
  scope: LedgerScope,
  wanted: {
    readonly ids: readonly string[];
    readonly types: Types;
    readonly columns: readonly string[];
    readonly tables: readonly BeadTable[];
  },
): Promise<readonly BlockEdge[]> {
  const edges: BlockEdge[] = [];
  for (const batch of batches([...new Set(wanted.ids)], MOST_KEYS)) {
    const parts = wanted.tables.flatMap((table) =>
      wanted.columns.map((column) =>
        selectAt(scope, EDGE_COLUMNS, [TABLES[table].dependencies, column], batch),
      ),
    );
    const rows = await queryUnion(scope.sql, parts);
    edges.push(...rows.filter((row) => row['target'] !== null).map(parseBlockEdge));
  }
  // Types are few per bead and picked here: with them in the WHERE, planners take the index on type.
  const types: ReadonlySet<string> = new Set(wanted.types);
  return edges.filter((edge) => types.has(edge.type));
}

function parseBlockEdge(row: SqlRow): BlockEdge {
  return {
    from: text(row, 'issue_id'),
    to: text(row, 'target'),
    type: text(row, 'type'),
    metadata: text(row, 'metadata'),
  };
}
