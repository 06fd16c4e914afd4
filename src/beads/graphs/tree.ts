import { beadsById } from '../read/by-id.ts';
import type { Bead, Edge, LedgerReads } from '../types.ts';

/** One line of a dependency tree. */
export interface TreeNode {
  readonly bead: Bead;
  readonly depth: number;
  /** The bead it hangs below; undefined for the root. */
  readonly parent: string | undefined;
  /** Type of the edge to it. */
  readonly edge: string | undefined;
  /** It has more below it than `maxDepth` allows to show. */
  readonly isTruncated: boolean;
}

export interface TreeOptions {
  /** `down` = what it depends on, `up` = what depends on it. */
  readonly direction: 'down' | 'up';
  readonly maxDepth: number;
  /** Each bead on every path that leads to it, not only on the first. */
  readonly allPaths?: boolean;
}

/** The tree in the order it is read, loops cut. Two queries per level. */
export async function readTree(
  reads: LedgerReads,
  root: Bead,
  options: TreeOptions,
): Promise<readonly TreeNode[]> {
  const beads = new Map<string, Bead>([[root.id, root]]);
  const below = new Map<string, readonly Edge[]>();
  let front: readonly string[] = [root.id];
  for (let depth = 0; depth <= options.maxDepth && front.length > 0; depth += 1) {
    const edges = options.direction === 'down' ? await reads.edgesFrom(front) : await reads.edgesTo(front);
    for (const id of front)
      below.set(
        id,
        edges.filter((edge) => nearEnd(edge, options) === id),
      );
    const fresh = edges.map((edge) => farEnd(edge, options)).filter((id) => !beads.has(id));
    const found = await beadsById(reads, fresh);
    for (const [id, bead] of found) beads.set(id, bead);
    front = [...found.keys()];
  }
  return walk({ beads, below, options }, root);
}

interface Graph {
  readonly beads: ReadonlyMap<string, Bead>;
  readonly below: ReadonlyMap<string, readonly Edge[]>;
  readonly options: TreeOptions;
}

/** Paths multiply: past this many lines a tree says nothing. */
const MOST_NODES = 10_000;

/** Depth first; iterative, because chains can be long. */
function walk({ beads, below, options }: Graph, root: Bead): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  const seen = new Set<string>();
  const stack: (Omit<TreeNode, 'isTruncated'> & { readonly above: readonly string[] })[] = [
    { bead: root, depth: 0, parent: undefined, edge: undefined, above: [] },
  ];
  for (let top = stack.pop(); top !== undefined && nodes.length < MOST_NODES; top = stack.pop()) {
    const { above, ...next } = top;
    if (options.allPaths === true ? above.includes(next.bead.id) : seen.has(next.bead.id)) continue;
    seen.add(next.bead.id);
    const edges = below.get(next.bead.id) ?? [];
    const isTruncated = next.depth >= options.maxDepth && edges.length > 0;
    nodes.push({ ...next, isTruncated });
    if (isTruncated) continue;
    for (const edge of edges.toReversed()) {
      const bead = beads.get(farEnd(edge, options));
      if (bead === undefined) continue;
      const path = options.allPaths === true ? [...above, next.bead.id] : above;
      stack.push({ bead, depth: next.depth + 1, parent: next.bead.id, edge: edge.type, above: path });
    }
  }
  return nodes;
}

function nearEnd(edge: Edge, { direction }: TreeOptions): string {
  return direction === 'down' ? edge.from : edge.to;
}

function farEnd(edge: Edge, { direction }: TreeOptions): string {
  return direction === 'down' ? edge.to : edge.from;
}
