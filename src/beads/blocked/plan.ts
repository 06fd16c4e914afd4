import { isDone } from '../words/kinds.ts';

/** A bead as far as readiness goes. */
export interface BlockNode {
  readonly id: string;
  readonly status: string;
  readonly isBlocked: boolean;
}

export interface BlockEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  /** JSON text; `{"gate":"any-children"}` loosens a waits-for. */
  readonly metadata: string;
}

export interface BlockGraph {
  /** Beads to decide anew. */
  readonly members: ReadonlySet<string>;
  /** Members and every bead their edges name; ids without a node do not exist and hold nobody back. */
  readonly nodes: ReadonlyMap<string, BlockNode>;
  /** Edges that leave members, and the parent-child edges that arrive at what members wait for. */
  readonly edges: readonly BlockEdge[];
}

/**
 * The members that are blocked (spec 02 §4): a direct cause, or a blocked parent. Causes start the set and
 * children join it until nothing changes, so a parent-child loop without a cause stays free.
 */
export function blockedMembers(graph: BlockGraph): ReadonlySet<string> {
  const childrenOf = group(graph.edges, 'parent-child', (edge) => edge.to);
  const blocked = new Set<string>();
  const queue: string[] = [];
  const block = (id: string): void => {
    if (blocked.has(id) || !isOpen(graph, id)) return;
    blocked.add(id);
    queue.push(id);
  };
  for (const node of graph.nodes.values()) {
    if (!graph.members.has(node.id) && node.isBlocked) block(node.id);
  }
  for (const edge of graph.edges) {
    if (graph.members.has(edge.from) && holdsBack(graph, edge, childrenOf)) block(edge.from);
  }
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const edge of childrenOf.get(id) ?? []) if (graph.members.has(edge.from)) block(edge.from);
  }
  return new Set([...blocked].filter((id) => graph.members.has(id)));
}

/** What must change in the rows, from what they say now. */
export function blockedChanges(graph: BlockGraph): {
  readonly toBlock: readonly string[];
  readonly toFree: readonly string[];
} {
  const blocked = blockedMembers(graph);
  const known = [...graph.members].flatMap((id) => graph.nodes.get(id) ?? []);
  return {
    toBlock: known.filter((node) => !node.isBlocked && blocked.has(node.id)).map((node) => node.id),
    toFree: known.filter((node) => node.isBlocked && !blocked.has(node.id)).map((node) => node.id),
  };
}

function holdsBack(
  graph: BlockGraph,
  edge: BlockEdge,
  childrenOf: ReadonlyMap<string, readonly BlockEdge[]>,
): boolean {
  if (edge.type === 'blocks' || edge.type === 'conditional-blocks') return isOpen(graph, edge.to);
  if (edge.type !== 'waits-for') return false;
  const children = (childrenOf.get(edge.to) ?? []).flatMap((child) => graph.nodes.get(child.from) ?? []);
  return isAnyGate(edge.metadata)
    ? children.length > 0 && children.every((child) => !isDone(child.status))
    : children.some((child) => !isDone(child.status));
}

function isAnyGate(metadata: string): boolean {
  try {
    const parsed: unknown = JSON.parse(metadata || '{}');
    return (
      typeof parsed === 'object' && parsed !== null && 'gate' in parsed && parsed.gate === 'any-children'
    );
  } catch {
    // Metadata is free text of other writers: without a readable gate the strict rule holds.
    return false;
  }
}

function isOpen(graph: BlockGraph, id: string): boolean {
  const node = graph.nodes.get(id);
  return node !== undefined && !isDone(node.status);
}

function group(
  edges: readonly BlockEdge[],
  type: string,
  key: (edge: BlockEdge) => string,
): ReadonlyMap<string, readonly BlockEdge[]> {
  const groups = new Map<string, BlockEdge[]>();
  for (const edge of edges) {
    if (edge.type !== type) continue;
    const members = groups.get(key(edge)) ?? [];
    members.push(edge);
    groups.set(key(edge), members);
  }
  return groups;
}
