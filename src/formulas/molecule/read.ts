import { parentChildren } from '../../beads/read/by-id.ts';
import type { Bead, Edge, LedgerReads } from '../../beads/types.ts';

/** A molecule as the ledger has it. */
export interface Molecule {
  readonly root: Bead;
  /** Everything below the root, what comes first before what needs it. */
  readonly steps: readonly Bead[];
  /** Edges that leave root or steps. */
  readonly edges: readonly Edge[];
  /** Step id → id of the bead it hangs below. */
  readonly parents: ReadonlyMap<string, string>;
}

const MAX_DEPTH = 50;

/** By parent edges, never by ids; three queries per level. */
export async function readMolecule(reads: LedgerReads, root: Bead): Promise<Molecule> {
  const parents = new Map<string, string>();
  const found: Bead[] = [];
  let front: readonly string[] = [root.id];
  for (let depth = 0; depth < MAX_DEPTH && front.length > 0; depth += 1) {
    const next: string[] = [];
    for (const [parent, children] of await parentChildren(reads, front)) {
      for (const child of children) {
        if (child.id === root.id || parents.has(child.id)) continue;
        parents.set(child.id, parent);
        found.push(child);
        next.push(child.id);
      }
    }
    front = next;
  }
  const edges = await reads.edgesFrom([root.id, ...parents.keys()]);
  return { root, steps: inOrder(found, edges), edges, parents };
}

/** What blocks comes before what is blocked; otherwise by the numbers in the ids. */
function inOrder(steps: readonly Bead[], edges: readonly Edge[]): readonly Bead[] {
  const byId = new Map<string, Bead>(steps.map((step) => [step.id, step]));
  const targets = Map.groupBy(
    edges.filter((edge) => edge.type !== 'parent-child' && byId.has(edge.to)),
    (edge) => edge.from,
  );
  const ordered = new Map<string, Bead>();
  const seen = new Set<string>();
  const visit = (step: Bead): void => {
    if (seen.has(step.id)) return;
    seen.add(step.id);
    for (const edge of targets.get(step.id) ?? []) {
      const target = byId.get(edge.to);
      if (target !== undefined) visit(target);
    }
    ordered.set(step.id, step);
  };
  for (const step of steps.toSorted((left, right) => compareIds(left.id, right.id))) visit(step);
  return [...ordered.values()];
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

function compareIds(left: string, right: string): number {
  return COLLATOR.compare(left, right);
}
