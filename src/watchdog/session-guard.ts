import type { Clock } from '../ports/clock.ts';
import type { TownWatch } from './town-watch.ts';

export interface SessionGuard {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly town: Pick<TownWatch, 'ended'>;
  /** A process of a session ended since the last look. */
  readonly onEnded: () => void;
  readonly signal: AbortSignal;
}

const LOOK_MS = 2000;

/**
 * Tells of processes that ended without a word, until `signal` aborts: a pane host says when its agent ends, but one
 * that was killed says nothing, and the next look of the daemon may be half a minute away.
 */
export async function guardSessions({ clock, town, onEnded, signal }: SessionGuard): Promise<void> {
  let told: readonly number[] = [];
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal);
    const ended = town.ended();
    // Once for each: a look that fails leaves the list as it is.
    if (ended.some((pid) => !told.includes(pid))) onEnded();
    told = ended;
  }
}
