import { batches, type Condition } from '../sql/conditions.ts';
import { EDGE_COLUMNS, LOCAL_TARGETS, parseEdge, sortedEdges } from '../edges/read.ts';
import { BEAD_TABLES, TABLES, text, type BeadTable } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { MOST_KEYS, selectAt } from '../sql/select-at.ts';
import type { Bead, Edge } from '../types.ts';
import { queryUnion } from '../sql/union.ts';

/** What lists show beside a bead. */
export interface Surroundings {
  /** All that leave it, oldest first. */
  readonly edges: readonly Edge[];
  /** `blocks` edges of this database that arrive at it. */
  readonly dependents: number;
  readonly comments: number;
}

type Placed = Pick<Bead, 'id' | 'table'>;

/** Of all these beads in one query per 2000: only the tables that a bead's own table points to are looked at. */
export async function surroundings(
  scope: LedgerScope,
  beads: readonly Placed[],
): Promise<(id: string) => Surroundings> {
  const edges: Edge[] = [];
  const counts = { to: new Map<string, number>(), comment: new Map<string, number>() };
  for (const batch of batches(beads, MOST_KEYS)) {
    const parts = BEAD_TABLES.flatMap((table) => partsOf(scope, table, batch));
    for (const row of await queryUnion(scope.sql, parts)) {
      const kind = text(row, 'kind');
      const id = text(row, 'issue_id');
      if (kind === 'from') edges.push(parseEdge(row));
      // Types are few per bead and picked here: with them in the WHERE, planners take the index on type.
      else if (kind === 'to' && text(row, 'type') === 'blocks') addOne(counts.to, id);
      else if (kind === 'comment') addOne(counts.comment, id);
    }
  }
  const leaving = Map.groupBy(sortedEdges(edges), (edge) => edge.from);
  return (id) => ({
    edges: leaving.get(id) ?? [],
    dependents: counts.to.get(id) ?? 0,
    comments: counts.comment.get(id) ?? 0,
  });
}

/** The selects for those of the beads that are in `table`; the edges come first, for they name the columns. */
function partsOf(scope: LedgerScope, table: BeadTable, beads: readonly Placed[]): readonly Condition[] {
  const ids = beads.filter((bead) => bead.table === table).map((bead) => bead.id);
  if (ids.length === 0) return [];
  const { dependencies, comments } = TABLES[table];
  const target = LOCAL_TARGETS[table];
  const nothing = 'NULL AS created_at, NULL, NULL, NULL, NULL, NULL';
  return [
    selectAt(scope, `'from' AS kind, ${EDGE_COLUMNS}`, [dependencies, 'issue_id'], ids),
    ...BEAD_TABLES.map((from) => {
      const columns = `'to' AS kind, t.${target} AS issue_id, t.type, ${nothing}`;
      return selectAt(scope, columns, [TABLES[from].dependencies, target], ids);
    }),
    selectAt(scope, `'comment' AS kind, t.issue_id, '', ${nothing}`, [comments, 'issue_id'], ids),
  ];
}

function addOne(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}
