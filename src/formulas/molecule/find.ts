import type { Bead, LedgerReads } from '../../beads/types.ts';

const MAX_DEPTH = 50;

/** Id of the topmost parent of each bead (itself when it has none); one query per level. */
export async function rootsOf(
  reads: LedgerReads,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const top = new Map(ids.map((id) => [id, id] as const));
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const edges = await reads.edgesFrom([...new Set(top.values())]);
    const parents = new Map(
      edges
        .filter((edge) => edge.type === 'parent-child' && !edge.external)
        .map((edge) => [edge.from, edge.to] as const),
    );
    if (parents.size === 0) break;
    for (const [id, at] of top) top.set(id, parents.get(at) ?? at);
  }
  return top;
}

function isMoleculeRoot(bead: Bead): boolean {
  return bead.type === 'molecule' || bead.type === 'epic' || bead.labels.includes('template');
}

/** Molecules that somebody works on: with a step in progress, else on the hook or before a hooked bead. */
export async function moleculesOf(reads: LedgerReads, assignee: string): Promise<readonly Bead[]> {
  const working = await reads.list({ status: ['in_progress'], ...(assignee === '' ? {} : { assignee }) });
  const roots = await rootsOf(
    reads,
    working.map((bead) => bead.id),
  );
  const found = await readRoots(reads, [...roots.values()]);
  if (found.length > 0) return found;
  const hooked = await reads.list({ status: ['hooked'], ...(assignee === '' ? {} : { assignee }) });
  const before = await reads.edgesFrom(hooked.map((bead) => bead.id));
  return readRoots(reads, [
    ...hooked.map((bead) => bead.id),
    ...before.filter((edge) => edge.type === 'blocks').map((edge) => edge.to),
  ]);
}

async function readRoots(reads: LedgerReads, ids: readonly string[]): Promise<readonly Bead[]> {
  if (ids.length === 0) return [];
  const beads = await reads.list({ ids: [...new Set(ids)], order: 'id' });
  return beads.filter((bead) => isMoleculeRoot(bead) && bead.status !== 'closed');
}

export interface GatedMolecule {
  readonly root: Bead;
  readonly gate: Bead;
  readonly step: Bead;
}

/** Molecules whose gate has opened and whose next step nobody has taken up. */
export async function gatedMolecules(reads: LedgerReads): Promise<readonly GatedMolecule[]> {
  const gates = await reads.list({ type: ['gate'], status: ['closed'] });
  const edges = (await reads.edgesTo(gates.map((gate) => gate.id))).filter((edge) => edge.type === 'blocks');
  if (edges.length === 0) return [];
  const waiting = await reads.list({ ids: [...new Set(edges.map((edge) => edge.from))], status: ['open'] });
  const ready = new Map<string, Bead>(
    waiting.filter((bead) => !bead.isBlocked).map((bead) => [bead.id, bead]),
  );
  const hooked = (await reads.list({ status: ['hooked'] })).map((bead) => bead.id);
  const roots = await rootsOf(reads, [...ready.keys(), ...hooked]);
  const taken = new Set(hooked.flatMap((id) => [id, roots.get(id) ?? id]));
  const molecules = new Map(
    (
      await readRoots(
        reads,
        [...ready.keys()].map((id) => roots.get(id) ?? id),
      )
    ).map((bead) => [bead.id, bead] as const),
  );
  const gateOf = new Map<string, Bead>(gates.map((gate) => [gate.id, gate]));
  const found = new Map<string, GatedMolecule>();
  for (const edge of edges) {
    const [step, gate] = [ready.get(edge.from), gateOf.get(edge.to)];
    const root = molecules.get((roots.get(edge.from) ?? edge.from) as Bead['id']);
    if (step === undefined || gate === undefined || root === undefined) continue;
    if (!taken.has(root.id) && !found.has(root.id)) found.set(root.id, { root, gate, step });
  }
  return [...found.values()].toSorted((left, right) => (left.root.id < right.root.id ? -1 : 1));
}
