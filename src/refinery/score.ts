import type { MergeRequest } from '../beads/forms/merge-request.ts';

const HOUR_MS = 3_600_000;
const BASE = 1000;
const PER_CONVOY_HOUR = 10;
const PER_PRIORITY = 100;
const PER_RETRY = 50;
const MAX_RETRY_LOSS = 300;
const LOWEST_PRIORITY = 4;

/**
 * How soon a merge request should land (spec 04 A3): higher first. Ageing keeps old work from starving,
 * also behind a stream of urgent work.
 * @param now Unix milliseconds
 */
export function scoreOf(mr: MergeRequest, now: number): number {
  return (
    BASE +
    PER_CONVOY_HOUR * hoursSince(mr.convoyCreatedAt, now) +
    PER_PRIORITY * (LOWEST_PRIORITY - knownPriority(mr.bead.priority)) -
    Math.min(PER_RETRY * mr.retryCount, MAX_RETRY_LOSS) +
    hoursSince(mr.bead.createdAt, now)
  );
}

/** Highest score first; equal scores by id, so two polls of one queue agree. */
export function byScore(now: number): (left: MergeRequest, right: MergeRequest) => number {
  return (left, right) => scoreOf(right, now) - scoreOf(left, now) || (left.id < right.id ? -1 : 1);
}

/** A priority nobody defined must not jump the queue: it counts as the lowest. */
function knownPriority(priority: number): number {
  return Number.isInteger(priority) && priority >= 0 && priority <= LOWEST_PRIORITY
    ? priority
    : LOWEST_PRIORITY;
}

/** Clock skew and unreadable times count as no age at all. */
function hoursSince(time: string | undefined, now: number): number {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? 0 : Math.max(0, (now - at) / HOUR_MS);
}
