import { RefusedError } from '../core/errors.ts';
import { parseWorkerName } from '../core/names.ts';
import type { WorkerName } from '../core/names.ts';

export interface NamePool {
  /** The rig's theme in order. */
  readonly names: readonly string[];
  /** How many names of the theme are used before numbers (default 50). */
  readonly size: number;
}

/**
 * The first free name of the theme, then numbers from `size` + 1. `taken` holds every name with a folder, an
 * agent row that is not nuked, or a fresh reservation: a name is never given out twice.
 */
export function firstFreeName(pool: NamePool, taken: ReadonlySet<string>): WorkerName {
  const named = pool.names.slice(0, pool.size).find((name) => !taken.has(name));
  if (named !== undefined) return parseWorkerName(named);
  for (let number = pool.size + 1; number <= pool.size + taken.size + 1; number += 1) {
    if (!taken.has(String(number))) return parseWorkerName(String(number));
  }
  throw new RefusedError({ code: 'polecat.no-name', message: 'no polecat name is free' });
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
  readonly taken: ReadonlySet<string>;
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
  if (facts.mayGrow) return { kind: 'new', name: firstFreeName(facts.pool, facts.taken) };
  const [last] = idle;
  return last === undefined ? { kind: 'full' } : { kind: 'reuse', name: last.name };
}

function compareNames(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
