import type { Clock } from '../ports/clock.ts';
import { monotonic } from './monotonic.ts';

/** setTimeout fires at once for longer delays than this: they are slept in pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The system's clock. */
export function createClock(): Clock {
  return { now: () => Date.now(), monotonic, sleep };
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const end = monotonic() + ms;
  const left = (): number => (signal?.aborted === true ? 0 : end - monotonic());
  for (let rest = left(); rest > 0; rest = left()) {
    await sleepOnce(Math.min(rest, LONGEST_TIMER_MS), signal);
  }
}

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
