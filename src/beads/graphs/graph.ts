import { beadsById } from '../read/by-id.ts';
import type { Bead, Edge, LedgerReads } from '../types.ts';
import { wavesOf } from './waves.ts';

/** Beads that hang together by edges of any type, and the edges between them. */
export interface BeadGraph {
  readonly root: Bead;
  readonly beads: readonly Bead[];
  readonly edges: readonly Edge[];
}

/** Everything connected with `root`. Three queries per step outward. */
export async function readGraph(reads: LedgerReads, root: Bead): Promise<BeadGraph> {
  const beads = new Map<string, Bead>([[root.id, root]]);
  const edges = new Map<string, Edge>();
  for (let front: readonly string[] = [root.id]; front.length > 0;) {
    for (const edge of [...(await reads.edgesFrom(front)), ...(await reads.edgesTo(front))]) {
      edges.set(`${edge.from} ${edge.type} ${edge.to}`, edge);
    }
    const ends = [...edges.values()].flatMap((edge) => [edge.from, edge.to]);
    const ids = ends.filter((id) => !beads.has(id));
    const found = await beadsById(reads, ids);
    for (const [id, bead] of found) beads.set(id, bead);
    front = [...found.keys()];
  }
  return { root, beads: [...beads.values()], edges: inside([...edges.values()], beads) };
}

/** All open work in connected groups, the largest first. Two queries. */
export async function readOpenGraphs(reads: LedgerReads): Promise<readonly BeadGraph[]> {
  const beads = await reads.list({ status: ['open', 'in_progress', 'blocked', 'hooked'] });
  const byId = new Map<string, Bead>(beads.map((bead) => [bead.id, bead]));
  const edges = inside(await reads.edgesFrom([...byId.keys()]), byId);
  const groups = groupsOf([...byId.keys()], edges);
  const edgesOf = Map.groupBy(edges, (edge) => groups.get(edge.from));
  return [...Map.groupBy(beads, (bead) => groups.get(bead.id))]
    .map(([group, own]) => ({ root: rootOf(own), beads: own, edges: edgesOf.get(group) ?? [] }))
    .toSorted(
      (left, right) => right.beads.length - left.beads.length || left.root.priority - right.root.priority,
    );
}

function inside(edges: readonly Edge[], beads: ReadonlyMap<string, Bead>): readonly Edge[] {
  return edges.filter((edge) => beads.has(edge.from) && beads.has(edge.to));
}

/** The id that names the group of each id. */
function groupsOf(ids: readonly string[], edges: readonly Edge[]): ReadonlyMap<string, string> {
  const next = Map.groupBy(
    edges.flatMap(({ from, to }) => [
      { from, to },
      { from: to, to: from },
    ]),
    ({ from }) => from,
  );
  const groups = new Map<string, string>();
  for (const start of ids) {
    const stack = groups.has(start) ? [] : [start];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (groups.has(id)) continue;
      groups.set(id, start);
      stack.push(...(next.get(id) ?? []).map(({ to }) => to));
    }
  }
  return groups;
}

/** An epic where there is one, else the most urgent; `beads` is not empty and sorted by priority. */
function rootOf(beads: readonly [Bead, ...Bead[]] | readonly Bead[]): Bead {
  const root = beads.find((bead) => bead.type === 'epic') ?? beads[0];
  if (root === undefined) throw new RangeError('a group has a member');
  return root;
}

/**
 * Ids by layer: a bead is in a later one than all that block it, and in none earlier than its parent. Beads in a circle
 * are in the first. Pure.
 */
export function layersOf({ beads, edges }: BeadGraph): readonly (readonly string[])[] {
  const ids = beads.map((bead) => bead.id);
  const blocks = edges.filter((edge) => edge.type === 'blocks' || edge.type === 'conditional-blocks');
  const { waves } = wavesOf(
    ids,
    new Map([...Map.groupBy(blocks, (edge) => edge.from)].map(([id, own]) => [id, own.map(({ to }) => to)])),
  );
  const layer = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const [index, wave] of waves.entries()) for (const id of wave) layer.set(id, index);
  const parents = edges.filter((edge) => edge.type === 'parent-child');
  for (let round = 0, moved = true; moved && round < ids.length; round += 1) {
    moved = false;
    for (const { from, to } of parents) {
      if ((layer.get(from) ?? 0) >= (layer.get(to) ?? 0)) continue;
      layer.set(from, layer.get(to) ?? 0);
      moved = true;
    }
  }
  const last = Math.max(...layer.values());
  return Array.from({ length: last + 1 }, (_, index) =>
    ids.filter((id) => layer.get(id) === index).toSorted(),
  );
}
