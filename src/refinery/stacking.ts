import type { Sha } from '../core/names.ts';

/** An open merge request with the commits its head has over the target. */
export interface Stacked {
  readonly id: string;
  readonly head: Sha;
  readonly createdAt: string;
  readonly commits: ReadonlySet<Sha>;
}

/**
 * Which open merge requests each one contains commits of: it may land only after them, else sending one of them
 * back would be undone by landing this one. The one that holds the other's head depends on it; where two only
 * share older commits (or are the same), the later one does.
 */
export function dependenciesOf(all: readonly Stacked[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    all.map((mr) => [mr.id, all.filter((other) => dependsOn(mr, other)).map((other) => other.id)]),
  );
}

function dependsOn(mr: Stacked, other: Stacked): boolean {
  if (mr.id === other.id || !overlap(mr.commits, other.commits)) return false;
  const holds = mr.commits.has(other.head);
  const isHeld = other.commits.has(mr.head);
  return holds === isHeld ? isLater(mr, other) : holds;
}

function overlap(left: ReadonlySet<Sha>, right: ReadonlySet<Sha>): boolean {
  const [small, large] = left.size < right.size ? [left, right] : [right, left];
  for (const sha of small) if (large.has(sha)) return true;
  return false;
}

function isLater(mr: Stacked, other: Stacked): boolean {
  return mr.createdAt === other.createdAt ? mr.id > other.id : mr.createdAt > other.createdAt;
}
