import type { Progress, StepProgress } from './progress.ts';

export interface DagNode {
  readonly step: StepProgress;
  /** Steps of the molecule that come before. */
  readonly needs: readonly string[];
  readonly dependents: readonly string[];
  /** 0 = nothing comes before. */
  readonly tier: number;
}

export interface Dag {
  readonly nodes: ReadonlyMap<string, DagNode>;
  /** Ids that may run side by side, tier by tier. */
  readonly tiers: readonly (readonly string[])[];
  /** The longest chain of steps. */
  readonly criticalPath: readonly string[];
}

/** The steps of a molecule by what comes before what. Pure; a cycle ends where it is met. */
export function dagOf({ steps, molecule }: Progress): Dag {
  const known = new Map(steps.map((step) => [String(step.bead.id), step]));
  const edges = molecule.edges.filter(
    ({ type, from, to }) =>
      /^(?:blocks|conditional-blocks|waits-for)$/.test(type) && known.has(from) && known.has(to),
  );
  const needs = Map.groupBy(edges, (edge) => edge.from);
  const needsOf = (id: string) => (needs.get(id) ?? []).map((edge) => edge.to);
  const tier = new Map<string, number>();
  const tierOf = (id: string): number => {
    const found = tier.get(id);
    if (found !== undefined) return found;
    tier.set(id, 0);
    const own = Math.max(-1, ...needsOf(id).map(tierOf)) + 1;
    tier.set(id, own);
    return own;
  };
  const nodes = new Map(
    [...known].map(([id, step]): [string, DagNode] => [
      id,
      {
        step,
        needs: needsOf(id),
        dependents: edges.filter((edge) => edge.to === id).map((edge) => edge.from),
        tier: tierOf(id),
      },
    ]),
  );
  const height = Math.max(-1, ...[...nodes.values()].map((node) => node.tier)) + 1;
  const tiers = Array.from({ length: height }, (_, at) =>
    [...nodes].filter(([, node]) => node.tier === at).map(([id]) => id),
  );
  return { nodes, tiers, criticalPath: criticalPath(nodes) };
}

function criticalPath(nodes: ReadonlyMap<string, DagNode>): readonly string[] {
  const last = [...nodes].reduce<[string, DagNode] | undefined>(
    (best, entry) => (best === undefined || entry[1].tier > best[1].tier ? entry : best),
    undefined,
  );
  const path: string[] = [];
  for (let id = last?.[0]; id !== undefined && !path.includes(id);) {
    path.unshift(id);
    id = nodes.get(id)?.needs.toSorted((a, b) => (nodes.get(b)?.tier ?? 0) - (nodes.get(a)?.tier ?? 0))[0];
  }
  return path;
}
