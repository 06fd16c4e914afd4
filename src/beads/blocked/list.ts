import { parentsBelow } from '../read/below.ts';
import { childEdges } from '../read/child-edges.ts';
import { selectBeads } from '../read/select.ts';
import { allOf, condition } from '../sql/conditions.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { Bead } from '../types.ts';
import { isDone } from '../words/kinds.ts';
import { readEdgesFrom, readNodes, type PlacedNode } from './facts.ts';
import type { BlockEdge } from './plan.ts';

export interface BlockedBead {
  readonly bead: Bead;
  /** Its own open blockers; where it has none, what it waits for, else the blocked parent. Sorted. */
  readonly blockedBy: readonly string[];
}

/** Blocked beads that are not closed, with what holds each of them: four queries however many there are, and one per level below `below`. */
export async function blockedBeads(scope: LedgerScope, below?: string): Promise<readonly BlockedBead[]> {
  const parents = below === undefined ? undefined : await parentsBelow(scope, below);
  const beads = await selectBeads(scope, {
    where: (table) =>
      allOf([
        condition("b.is_blocked = 1 AND b.status <> 'closed' AND COALESCE(b.is_template, 0) = 0"),
        parents && childEdges(table, parents),
      ]),
  });
  const edges = await readEdgesFrom(
    scope,
    beads.map((bead) => bead.id),
    ['blocks', 'conditional-blocks', 'waits-for', 'parent-child'],
  );
  const nodes = await readNodes(
    scope,
    edges.map((edge) => edge.to),
  );
  const edgesOf = Map.groupBy(edges, (edge) => edge.from);
  return beads.map((bead) => ({ bead, blockedBy: causesOf(edgesOf.get(bead.id) ?? [], nodes) }));
}

function causesOf(edges: readonly BlockEdge[], nodes: ReadonlyMap<string, PlacedNode>): readonly string[] {
  const targets = (wanted: (edge: BlockEdge, node: PlacedNode) => boolean): readonly string[] =>
    edges
      .filter((edge) => {
        const node = nodes.get(edge.to);
        return node !== undefined && wanted(edge, node);
      })
      .map((edge) => edge.to)
      .toSorted();
  const blockers = targets(
    (edge, node) => (edge.type === 'blocks' || edge.type === 'conditional-blocks') && !isDone(node.status),
  );
  if (blockers.length > 0) return blockers;
  const waited = targets((edge) => edge.type === 'waits-for');
  return waited.length > 0 ? waited : targets((edge, node) => edge.type === 'parent-child' && node.isBlocked);
}
