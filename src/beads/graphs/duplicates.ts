import type { Bead, Edge, LedgerReads } from '../types.ts';

/** A bead among its duplicates. */
export interface Duplicate {
  readonly bead: Bead;
  /** `blocks` and parent-child edges that arrive at it, that leave it. */
  readonly dependents: number;
  readonly dependencies: number;
  /** Mentions of its id in the texts of other beads. */
  readonly references: number;
}

/** Open issues with the same title, description, design, criteria and status. */
export interface DuplicateGroup {
  /** The one to keep: the most connected, then the most mentioned, then the smallest id. */
  readonly target: Duplicate;
  readonly members: readonly Duplicate[];
}

export function weightOf({ dependents, dependencies }: Duplicate): number {
  return dependents * 3 + dependencies;
}

/** Groups of duplicates among the issues that are not closed, by the id of the one to keep. */
export async function findDuplicates(reads: LedgerReads): Promise<readonly DuplicateGroup[]> {
  const beads = await reads.list({ tables: ['issues'], notStatus: ['closed'], order: 'id' });
  const groups = [...Map.groupBy(beads, contentOf).values()].filter((group) => group.length > 1);
  const ids = groups.flat().map((bead) => bead.id);
  if (ids.length === 0) return [];
  const leaving = Map.groupBy((await reads.edgesFrom(ids)).filter(isStructure), (edge) => edge.from);
  const arriving = Map.groupBy((await reads.edgesTo(ids)).filter(isStructure), (edge) => edge.to);
  const references = mentions(beads, new Set<string>(ids));
  return groups
    .map((group) => {
      const members = group.map((bead) => ({
        bead,
        dependents: arriving.get(bead.id)?.length ?? 0,
        dependencies: leaving.get(bead.id)?.length ?? 0,
        references: references.get(bead.id) ?? 0,
      }));
      const [target] = members.toSorted(byWorth);
      return target === undefined ? [] : [{ target, members }];
    })
    .flat();
}

function contentOf(bead: Bead): string {
  return JSON.stringify([bead.title, bead.description, bead.design, bead.acceptanceCriteria, bead.status]);
}

function isStructure(edge: Edge): boolean {
  return edge.type === 'blocks' || edge.type === 'parent-child';
}

function byWorth(left: Duplicate, right: Duplicate): number {
  return (
    weightOf(right) - weightOf(left) ||
    right.references - left.references ||
    (left.bead.id < right.bead.id ? -1 : 1)
  );
}

function mentions(beads: readonly Bead[], wanted: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const bead of beads) {
    const text = [bead.description, bead.design, bead.acceptanceCriteria, bead.notes].join('\n');
    for (const [id] of text.matchAll(/\b[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9.-]*[A-Za-z0-9]/g)) {
      if (wanted.has(id) && id !== bead.id) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}
