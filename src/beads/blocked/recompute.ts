import { batches, isIn } from '../sql/conditions.ts';
import {
  READINESS_EDGES,
  readEdgesAround,
  readEdgesFrom,
  readEdgesTo,
  readNodes,
  type PlacedNode,
} from './facts.ts';
import { blockedChanges, type BlockEdge } from './plan.ts';
import { BEAD_TABLES, text } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { unionAll } from '../sql/union.ts';

/** What a write touched. */
export interface Touched {
  /** Beads whose status, edges or parent changed. */
  readonly beads: readonly string[];
  /** Beads that gained or lost a child. */
  readonly spawners?: readonly string[];
}

/** What a recompute wrote: id → blocked or not, only where the row said otherwise. */
export type BlockedChanges = ReadonlyMap<string, boolean>;

/** Brings `is_blocked` up to the rules for everything a write can have reached, in the same transaction. */
export async function recomputeAround(scope: LedgerScope, touched: Touched): Promise<BlockedChanges> {
  const reach = await reachOf(scope, touched);
  return recompute(scope, reach.members, reach.edges);
}

/**
 * The same for all beads that are not done; repairs what a writer without these rules left behind.
 * @returns number of rows changed
 */
export async function recomputeAll(scope: LedgerScope): Promise<number> {
  const { members, edges } = await everything(scope);
  return (await recompute(scope, members, edges)).size;
}

/** What `recomputeAll` would write: id → blocked or not. */
export async function findWrongBlocked(scope: LedgerScope): Promise<BlockedChanges> {
  const { members, edges } = await everything(scope);
  return changesOf(await decide(scope, members, edges));
}

async function everything(scope: LedgerScope): Promise<Reach> {
  const sql = BEAD_TABLES.map(
    (table) => `SELECT id FROM ${table} WHERE is_blocked = 1 OR status NOT IN ('closed', 'pinned')`,
  );
  const rows = await scope.sql.query(unionAll(sql));
  const members = [...new Set(rows.map((row) => text(row, 'id')))];
  return { members, edges: await readEdgesFrom(scope, members, READINESS_EDGES) };
}

interface Reach {
  readonly members: readonly string[];
  /** At least all readiness edges that leave the members. */
  readonly edges: readonly BlockEdge[];
}

/**
 * Everything whose readiness can depend on the touched beads: themselves, who they block, who waits for their
 * parents' children, and all descendants of those.
 */
async function reachOf(scope: LedgerScope, touched: Touched): Promise<Reach> {
  const members = new Set(touched.beads);
  const edges = new Map<string, BlockEdge>();
  const around = async (ids: readonly string[]): Promise<readonly BlockEdge[]> => {
    const found = await readEdgesAround(scope, ids, READINESS_EDGES);
    for (const edge of found) edges.set(`${edge.from} ${edge.to}`, edge);
    return found;
  };
  const join = (ids: readonly string[]): readonly string[] => {
    const fresh = [...new Set(ids)].filter((id) => !members.has(id));
    for (const id of fresh) members.add(id);
    return fresh;
  };
  const first = await around(touched.beads);
  const parents = first.filter((edge) => edge.type === 'parent-child' && members.has(edge.from));
  const spawners = [...(touched.spawners ?? []), ...parents.map((edge) => edge.to)];
  const waiters = await readEdgesTo(scope, spawners, ['waits-for']);
  // Of the edges that arrive at touched beads all but waits-for make their `from` depend on them.
  const affected = first.filter((edge) => edge.type !== 'waits-for' && !members.has(edge.from));
  let front = join([...affected, ...waiters].map((edge) => edge.from));
  while (front.length > 0) {
    const found = await around(front);
    const isNew = new Set(front);
    const children = found.filter((edge) => edge.type === 'parent-child' && isNew.has(edge.to));
    front = join(children.map((edge) => edge.from));
  }
  return { members: [...members], edges: [...edges.values()] };
}

async function recompute(
  scope: LedgerScope,
  members: readonly string[],
  edges: readonly BlockEdge[],
): Promise<BlockedChanges> {
  const decided = await decide(scope, members, edges);
  const rowsOf = (ids: readonly string[]) => ids.flatMap((id) => decided.nodes.get(id) ?? []);
  await setBlocked(scope, rowsOf(decided.toBlock), 1);
  await setBlocked(scope, rowsOf(decided.toFree), 0);
  return changesOf(decided);
}

interface Decided {
  readonly nodes: ReadonlyMap<string, PlacedNode>;
  readonly toBlock: readonly string[];
  readonly toFree: readonly string[];
}

async function decide(
  scope: LedgerScope,
  members: readonly string[],
  edges: readonly BlockEdge[],
): Promise<Decided> {
  const isMember = new Set(members);
  const leaving = edges.filter((edge) => isMember.has(edge.from));
  const spawners = leaving.filter((edge) => edge.type === 'waits-for').map((edge) => edge.to);
  const children = await readEdgesTo(scope, spawners, ['parent-child']);
  const deciding = [...leaving, ...children.filter((edge) => !isMember.has(edge.from))];
  const nodes = await readNodes(scope, [...members, ...deciding.flatMap((edge) => [edge.from, edge.to])]);
  return { nodes, ...blockedChanges({ members: isMember, nodes, edges: deciding }) };
}

function changesOf({ toBlock, toFree }: Decided): BlockedChanges {
  return new Map([...toBlock.map((id) => [id, true] as const), ...toFree.map((id) => [id, false] as const)]);
}

/** `updated_at` is kept: nobody edited these beads, and the column would move by itself on Dolt. */
async function setBlocked(scope: LedgerScope, nodes: readonly PlacedNode[], value: 0 | 1): Promise<void> {
  for (const table of BEAD_TABLES) {
    const ids = nodes.filter((node) => node.table === table).map((node) => node.id);
    for (const batch of batches(ids)) {
      const where = isIn('id', batch);
      await scope.sql.run(`UPDATE ${table} SET is_blocked = ?, updated_at = updated_at WHERE ${where.sql}`, [
        value,
        ...where.values,
      ]);
    }
  }
}
