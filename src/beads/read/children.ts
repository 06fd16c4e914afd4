import type { Bead, LedgerReads } from '../types.ts';

/** Children of several parents by their parent-child edges: three queries for all of them. */
export async function parentChildren(
  reads: LedgerReads,
  parents: readonly string[],
): Promise<ReadonlyMap<string, readonly Bead[]>> {
  if (parents.length === 0) return new Map();
  const edges = (await reads.edgesTo(parents)).filter((edge) => edge.type === 'parent-child');
  const beads = await reads.list({
    ids: [...new Set(edges.map((edge) => edge.from))],
    includeTemplates: true,
  });
  const byId = new Map<string, Bead>(beads.map((bead) => [bead.id, bead]));
  const groups = Map.groupBy(edges, (edge) => edge.to);
  return new Map(
    [...groups].map(([parent, own]) => [parent, own.flatMap((edge) => byId.get(edge.from) ?? [])] as const),
  );
}
