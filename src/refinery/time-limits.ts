/*
 * Clocks jump: a machine wakes up in the wrong year and is set right an hour later. Times that were written meanwhile
 * must neither hold anything for years nor keep it fresh for as long, so both questions have a furthest answer.
 */

/** Is `until` still to come? Not when it lies further ahead than `atMost` ms: nobody ever waits that long. */
export function isAhead(
  until: string | number,
  { now, atMost }: { readonly now: number; readonly atMost: number },
): boolean {
  const left = millisOf(until) - now;
  return left > 0 && left <= atMost;
}

/** Is `since` at most `within` ms away, on whichever side? */
export function isRecent(
  since: string | number,
  { now, within }: { readonly now: number; readonly within: number },
): boolean {
  return Math.abs(now - millisOf(since)) <= within;
}

/** Unix milliseconds. */
function millisOf(time: string | number): number {
  return typeof time === 'number' ? time : Date.parse(time);
}
