/** How long something that failed is left alone: `initial` doubled with each further failure, up to `max`. */
export interface BackoffRule {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** Milliseconds to wait after the `failures`-th failure in a row; 0 before the first. */
export function backoffMs(failures: number, { initialMs, maxMs }: BackoffRule): number {
  if (failures <= 0) return 0;
  return Math.min(maxMs, initialMs * 2 ** Math.min(failures - 1, 30));
}

/**
 * Milliseconds until the next try is due; 0 = now.
 * @param last Unix ms of the last failure
 */
export function dueIn(
  failures: number,
  last: number,
  facts: { readonly now: number; readonly rule: BackoffRule },
): number {
  if (failures <= 0) return 0;
  // A clock that was set back must not freeze anything: a failure in the future counts as just now.
  const since = Math.max(0, facts.now - Math.min(last, facts.now));
  return Math.max(0, backoffMs(failures, facts.rule) - since);
}
