import { isDone } from '../../beads/words/kinds.ts';
import type { Bead } from '../../beads/types.ts';
import type { Molecule } from './read.ts';

export type StepState = 'done' | 'current' | 'ready' | 'blocked' | 'pending';

export interface StepProgress {
  readonly bead: Bead;
  readonly state: StepState;
  /** Ids of open steps that it waits for. */
  readonly blockedBy: readonly string[];
}

export interface Progress {
  readonly molecule: Molecule;
  readonly steps: readonly StepProgress[];
  readonly total: number;
  readonly completed: number;
  readonly inProgress: number;
  readonly current: Bead | undefined;
  /** The first that could start now. */
  readonly next: Bead | undefined;
  /** 0 to 100. */
  readonly percent: number;
}

/** Where a molecule stands. Pure. */
export function progressOf(molecule: Molecule): Progress {
  const open = new Map<string, Bead>(
    molecule.steps.filter((step) => !isDone(step.status)).map((step) => [step.id, step]),
  );
  const waits = Map.groupBy(
    molecule.edges.filter((edge) => edge.type === 'blocks' || edge.type === 'conditional-blocks'),
    (edge) => edge.from,
  );
  const hasOpenChild = new Set(
    [...molecule.parents].filter(([child]) => open.has(child)).map(([, parent]) => parent),
  );
  const steps = molecule.steps.map((bead) => ({
    bead,
    state: stateOf(bead, hasOpenChild),
    blockedBy: (waits.get(bead.id) ?? []).map((edge) => edge.to).filter((id) => open.has(id)),
  }));
  const completed = steps.filter((step) => step.state === 'done').length;
  return {
    molecule,
    steps,
    total: steps.length,
    completed,
    inProgress: steps.filter((step) => step.state === 'current').length,
    current: steps.find((step) => step.state === 'current')?.bead,
    next: steps.find((step) => step.state === 'ready')?.bead,
    percent: steps.length === 0 ? (isDone(molecule.root.status) ? 100 : 0) : (completed * 100) / steps.length,
  };
}

/** A gate is opened by its watcher and a step with open children by these: neither is work to start. */
function stateOf(bead: Bead, hasOpenChild: ReadonlySet<string>): StepState {
  if (isDone(bead.status)) return 'done';
  if (bead.status === 'in_progress' || bead.status === 'hooked') return 'current';
  if (bead.status === 'blocked') return 'blocked';
  return bead.isBlocked || bead.type === 'gate' || bead.status !== 'open' || hasOpenChild.has(bead.id)
    ? 'pending'
    : 'ready';
}

export interface Pace {
  readonly perHour: number;
  readonly hoursLeft: number;
}

/** From the first to the last closed step; undefined before there are two at different times. */
export function paceOf({ steps, total, completed }: Progress): Pace | undefined {
  const times = steps.flatMap(({ bead }) => (bead.closedAt === undefined ? [] : [Date.parse(bead.closedAt)]));
  const hours = (Math.max(...times) - Math.min(...times)) / 3_600_000;
  if (times.length < 2 || hours <= 0) return undefined;
  const perHour = (completed - 1) / hours;
  return { perHour, hoursLeft: (total - completed) / perHour };
}

/** Ready steps that may run side by side, as groups of two and more: those ready now, named `group-1` on. */
export function parallelGroups(progress: Progress): ReadonlyMap<string, readonly string[]> {
  const ready = progress.steps.filter((step) => step.state === 'ready').map((step) => step.bead.id);
  const byParent = Map.groupBy(ready, (id) => progress.molecule.parents.get(id) ?? '');
  const groups = [...byParent.values()].filter((ids) => ids.length > 1);
  return new Map(groups.map((ids, at) => [`group-${at + 1}`, ids] as const));
}
