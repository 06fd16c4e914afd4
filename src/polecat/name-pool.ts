import { parseWorkerName } from '../core/names.ts';
import type { WorkerName } from '../core/names.ts';

export interface NamePool {
  /** The rig's theme in order. */
  readonly names: readonly string[];
  /** How many names of the theme are used before numbers (default 50). */
  readonly size: number;
}

export interface UsedNames {
  /** Every name with a folder, a row that is not nuked, a crew workspace or a fresh reservation. */
  readonly taken: ReadonlySet<string>;
  /** Those, and the names of nuked workers. */
  readonly ever: ReadonlySet<string>;
}

/** The first free name of the theme, then numbers from `size` + 1; a number is never used twice. */
export function firstFreeName(pool: NamePool, { taken, ever }: UsedNames): WorkerName {
  const named = pool.names.slice(0, pool.size).find((name) => !taken.has(name));
  if (named !== undefined) return parseWorkerName(named);
  const numbers = [...ever].filter((name) => /^\d{1,15}$/.test(name)).map(Number);
  return parseWorkerName(String(Math.max(pool.size, ...numbers) + 1));
}

/** A worker that could be used again. */
export interface ReuseCandidate {
  readonly name: WorkerName;
  /** Nothing in its worktree is at risk: it is clean and its HEAD is reachable elsewhere. */
  readonly clean: boolean;
}

export interface PickFacts {
  /** Idle workers, any order; stuck ones are never among them. */
  readonly idle: readonly ReuseCandidate[];
  readonly used: UsedNames;
  readonly pool: NamePool;
  /** Worker that had the bead before; used again when it is idle. */
  readonly preferred?: string | undefined;
  /** Room for one more folder. */
  readonly mayGrow: boolean;
}

export type Pick =
  | { readonly kind: 'reuse'; readonly name: WorkerName }
  | { readonly kind: 'new'; readonly name: WorkerName }
  | { readonly kind: 'full' };

/** Which worker takes the next bead: the preferred one, the lowest clean idle one, a new one, then any idle one. */
export function pickWorker(facts: PickFacts): Pick {
  const idle = [...facts.idle].sort((left, right) => compareNames(left.name, right.name));
  const preferred = idle.find((candidate) => candidate.name === facts.preferred);
  const clean = preferred ?? idle.find((candidate) => candidate.clean);
  if (clean !== undefined) return { kind: 'reuse', name: clean.name };
  if (facts.mayGrow) return { kind: 'new', name: firstFreeName(facts.pool, facts.used) };
  const [last] = idle;
  return last === undefined ? { kind: 'full' } : { kind: 'reuse', name: last.name };
}

function compareNames(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
