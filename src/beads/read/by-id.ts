import type { Bead, LedgerReads } from '../types.ts';

/** The beads of these ids that are there, templates too, in one look. */
export async function beadsById(
  reads: Pick<LedgerReads, 'list'>,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, Bead>> {
  const wanted = [...new Set(ids)];
  const beads = wanted.length === 0 ? [] : await reads.list({ ids: wanted, includeTemplates: true });
  return new Map(beads.map((bead) => [bead.id, bead]));
}

/** Children of several parents by their parent-child edges: three queries for all of them. */
export async function parentChildren(
  reads: LedgerReads,
  parents: readonly string[],
): Promise<ReadonlyMap<string, readonly Bead[]>> {
  if (parents.length === 0) return new Map();
  const edges = (await reads.edgesTo(parents)).filter((edge) => edge.type === 'parent-child');
  const byId = await beadsById(
    reads,
    edges.map((edge) => edge.from),
  );
  const groups = Map.groupBy(edges, (edge) => edge.to);
  return new Map(
    [...groups].map(([parent, own]) => [parent, own.flatMap((edge) => byId.get(edge.from) ?? [])] as const),
  );
}
