import { RefusedError } from '../../core/errors.ts';
import { isIn } from '../sql/conditions.ts';
import { READINESS_EDGES } from '../blocked/facts.ts';
import { recomputeAround, type BlockedChanges } from '../blocked/recompute.ts';
import { checkEdgeMetadata, checkEdgeType, checkLocalEdge } from './rules.ts';
import { externalForms } from './read.ts';
import { beadNotFound, noRoute } from '../errors.ts';
import { writeEvent } from '../write/events.ts';
import { TABLES, text } from '../sql/rows.ts';
import { barePrefix, routeOf, sqlNow, type WriteScope } from '../sql/scope.ts';
import { selectBead } from '../read/select.ts';
import { checkShort } from '../words/texts.ts';
import type { Bead } from '../types.ts';

export interface NewEdge {
  readonly from: Bead;
  readonly to: string;
  readonly type: string;
  readonly metadata?: string;
}

/** Where an edge arrives: the column that names it, and the bead when it is of this database. */
interface Target {
  readonly column: 'depends_on_issue_id' | 'depends_on_wisp_id' | 'depends_on_external';
  readonly value: string;
  readonly bead?: Bead;
}

const READINESS: ReadonlySet<string> = new Set(READINESS_EDGES);
const TARGET_COLUMNS = ['depends_on_issue_id', 'depends_on_wisp_id', 'depends_on_external'] as const;

/**
 * Adds one edge and brings readiness up to date. The same edge again only takes the new metadata.
 * Throws RefusedError `edge.self` `edge.other-type` `edge.cycle` `edge.child-on-parent` `edge.epic-and-task`,
 * NotFoundError, UsageError.
 */
export async function insertEdge(scope: WriteScope, edge: NewEdge): Promise<BlockedChanges> {
  const type = checkEdgeType(edge.type);
  const metadata = edge.metadata === undefined ? undefined : checkEdgeMetadata(edge.metadata);
  if (edge.to === edge.from.id)
    throw new RefusedError({ code: 'edge.self', message: `${edge.from.id} cannot depend on itself` });
  const present = await edgeBetween(scope, edge.from, edge.to);
  if (present !== undefined) {
    if (present.type !== type) throw otherType(edge, present.type);
    if (metadata !== undefined) await replaceMetadata(scope, edge.from, present.id, metadata);
  } else {
    const target = await targetOf(scope, edge.to);
    if (target.bead !== undefined) await checkLocalEdge(scope, { from: edge.from, to: target.bead, type });
    await writeEdge(scope, edge.from, { target, type, metadata: metadata ?? '{}' });
    const comment = `Added dependency: ${edge.from.id} ${type} ${edge.to}`;
    await writeEvent(scope, edge.from, { type: 'dependency_added', comment });
  }
  return recomputed(scope, { from: edge.from.id, to: edge.to, type });
}

/** Edges that only tell of something decide nothing. */
async function recomputed(
  scope: WriteScope,
  { from, to, type }: { readonly from: string; readonly to: string; readonly type: string },
): Promise<BlockedChanges> {
  if (!READINESS.has(type)) return new Map();
  return recomputeAround(scope, { beads: [from], spawners: type === 'parent-child' ? [to] : [] });
}

/** Removes the edge between two beads, whatever its type. False when there is none. */
export async function deleteEdge(scope: WriteScope, from: Bead, to: string): Promise<boolean> {
  const present = await edgeBetween(scope, from, to);
  if (present === undefined) return false;
  await scope.sql.run(`DELETE FROM ${TABLES[from.table].dependencies} WHERE id = ?`, [present.id]);
  const comment = `Removed dependency: ${from.id} ${present.type} ${to}`;
  await writeEvent(scope, from, { type: 'dependency_removed', comment });
  await recomputed(scope, { from: from.id, to, type: present.type });
  return true;
}

async function edgeBetween(
  scope: WriteScope,
  from: Bead,
  to: string,
): Promise<{ readonly id: string; readonly type: string } | undefined> {
  const external = isIn('depends_on_external', externalForms(to));
  const rows = await scope.sql.query(
    `SELECT id, type FROM ${TABLES[from.table].dependencies}
      WHERE issue_id = ? AND (depends_on_issue_id = ? OR depends_on_wisp_id = ? OR ${external.sql})`,
    [from.id, to, to, ...external.values],
  );
  return rows[0] === undefined ? undefined : { id: text(rows[0], 'id'), type: text(rows[0], 'type') };
}

/** Local beads by where their row is; ids of another database, and capabilities, as external. */
async function targetOf(scope: WriteScope, to: string): Promise<Target> {
  const bead = await selectBead(scope, to);
  if (bead !== undefined) {
    const column = bead.table === 'issues' ? 'depends_on_issue_id' : 'depends_on_wisp_id';
    return { column, value: to, bead };
  }
  if (/^external:[^:\s]+:\S+$/.test(to))
    return { column: 'depends_on_external', value: checkShort('target', to) };
  const routes = await scope.routes();
  const route = routeOf(routes, to);
  if (route === undefined) {
    throw to.startsWith(`${scope.prefix}-`) ? beadNotFound(to) : noRoute(to, routes);
  }
  if (route.database === scope.database) throw beadNotFound(to);
  const value = checkShort('target', `external:${barePrefix(route.prefix)}:${to}`);
  return { column: 'depends_on_external', value };
}

async function writeEdge(
  scope: WriteScope,
  from: Bead,
  edge: { readonly target: Target; readonly type: string; readonly metadata: string },
): Promise<void> {
  const targets = TARGET_COLUMNS.map((column) => (column === edge.target.column ? edge.target.value : null));
  await scope.sql.run(
    `INSERT INTO ${TABLES[from.table].dependencies}
      (id, issue_id, type, created_at, created_by, metadata, thread_id, ${TARGET_COLUMNS.join(', ')})
      VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?)`,
    [scope.random.uuid(), from.id, edge.type, sqlNow(scope), scope.actor, edge.metadata, ...targets],
  );
}

async function replaceMetadata(scope: WriteScope, from: Bead, id: string, metadata: string): Promise<void> {
  await scope.sql.run(`UPDATE ${TABLES[from.table].dependencies} SET metadata = ? WHERE id = ?`, [
    metadata,
    id,
  ]);
}

function otherType(edge: NewEdge, present: string) {
  return new RefusedError({
    code: 'edge.other-type',
    message: `${edge.from.id} depends on ${edge.to} already, as ${JSON.stringify(present)}`,
    hint: `Run: bd dep remove ${edge.from.id} ${edge.to}`,
  });
}
