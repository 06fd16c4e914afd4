import { READINESS_EDGES } from '../blocked/facts.ts';
import { parentChildren } from '../read/by-id.ts';
import type { Bead, Edge, LedgerReads } from '../types.ts';
import { findCycles } from './cycles.ts';
import { wavesOf } from './waves.ts';

/** The children of an epic and what they hold each other back by. */
export interface SwarmWork {
  readonly epic: Bead;
  readonly children: readonly Bead[];
  /** Child → the children it depends on. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  /** Dependencies of children on beads outside the epic. */
  readonly outside: readonly Edge[];
}

export interface SwarmAnalysis {
  readonly waves: readonly (readonly string[])[];
  /** Most children that can be in work at the same time. */
  readonly maxParallelism: number;
  readonly warnings: readonly string[];
  /** Circles; with any of them the epic cannot be finished. */
  readonly errors: readonly string[];
}

/** Three queries, however many children there are. */
export async function readSwarmWork(reads: LedgerReads, epic: Bead): Promise<SwarmWork> {
  const children = (await parentChildren(reads, [epic.id])).get(epic.id) ?? [];
  const ids = new Set<string>(children.map((child) => child.id));
  const blocking: ReadonlySet<string> = new Set(READINESS_EDGES);
  const edges = (await reads.edgesFrom([...ids])).filter(
    (edge) => blocking.has(edge.type) && edge.to !== epic.id,
  );
  const inside = Map.groupBy(
    edges.filter((edge) => ids.has(edge.to)),
    (edge) => edge.from,
  );
  return {
    epic,
    children,
    dependsOn: new Map([...inside].map(([id, own]) => [id, own.map((edge) => edge.to).toSorted()])),
    outside: edges.filter((edge) => !ids.has(edge.to)),
  };
}

/** Can the children of the epic be worked on side by side, and in which waves? Pure. */
export function analyseSwarm({ children, dependsOn, outside }: SwarmWork): SwarmAnalysis {
  if (children.length === 0) {
    return { waves: [], maxParallelism: 0, warnings: ['Epic has no children'], errors: [] };
  }
  const ids = children.map((child) => child.id);
  const edges = [...dependsOn].flatMap(([from, targets]) => targets.map((to) => blockEdge(from, to)));
  const errors = findCycles(edges).map((cycle) => `Dependency cycle detected involving: ${cycle.join(', ')}`);
  const { waves } = errors.length > 0 ? { waves: [] } : wavesOf(ids, dependsOn);
  return {
    waves,
    maxParallelism: Math.max(0, ...waves.map((wave) => wave.length)),
    warnings: outside.map((edge) =>
      edge.external
        ? `${edge.from} has external dependency: ${edge.stored ?? edge.to}`
        : `${edge.from} depends on ${edge.to} (outside epic)`,
    ),
    errors,
  };
}

function blockEdge(from: string, to: string): Edge {
  return { from, to, type: 'blocks', external: false, createdAt: '', createdBy: '', metadata: '{}' };
}

export interface SwarmProgress {
  readonly total: number;
  readonly completed: readonly Bead[];
  readonly active: readonly Bead[];
  readonly ready: readonly Bead[];
  readonly blocked: readonly { readonly bead: Bead; readonly blockedBy: readonly string[] }[];
  /** 0 … 100. */
  readonly percent: number;
}

/** Where the children stand, by id. Pure. */
export function swarmProgress({ children, dependsOn }: SwarmWork): SwarmProgress {
  const byId = new Map<string, Bead>(children.map((child) => [child.id, child]));
  const sorted = children.toSorted((left, right) => left.id.localeCompare(right.id, 'en', { numeric: true }));
  const completed = sorted.filter((bead) => bead.status === 'closed');
  const active = sorted.filter((bead) => bead.status === 'in_progress' || bead.status === 'hooked');
  const waiting = sorted
    .filter((bead) => !completed.includes(bead) && !active.includes(bead))
    .map((bead) => ({
      bead,
      blockedBy: (dependsOn.get(bead.id) ?? []).filter((id) => byId.get(id)?.status !== 'closed'),
    }));
  return {
    total: children.length,
    completed,
    active,
    ready: waiting.filter(({ blockedBy }) => blockedBy.length === 0).map(({ bead }) => bead),
    blocked: waiting.filter(({ blockedBy }) => blockedBy.length > 0),
    percent: children.length === 0 ? 0 : (completed.length / children.length) * 100,
  };
}

/** The swarm molecules of these beads: molecules of type swarm that relate to them. */
export async function swarmsOf(reads: LedgerReads, epic: string): Promise<readonly Bead[]> {
  const edges = (await reads.edgesTo([epic])).filter((edge) => edge.type === 'relates-to');
  const ids = edges.map((edge) => edge.from);
  return ids.length === 0 ? [] : reads.list({ ids, molType: 'swarm' });
}

/** The epic that a swarm molecule relates to; any other bead is its own. undefined = a swarm without an epic here. */
export async function epicOf(reads: LedgerReads, bead: Bead): Promise<Bead | undefined> {
  if (bead.molType !== 'swarm') return bead;
  const edge = (await reads.edgesFrom([bead.id])).find(({ type }) => type === 'relates-to');
  return edge === undefined ? undefined : reads.get(edge.to);
}
