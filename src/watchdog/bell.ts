import type { Clock } from '../ports/clock.ts';

/** Wakes one waiter: rung while nobody waits, the next wait ends at once. */
export interface Bell {
  ring(): void;
  /** Resolves true when rung, false after `ms` or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<boolean>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let waiting: AbortController | undefined;
  return {
    ring() {
      rung = true;
      waiting?.abort();
    },
    async wait(ms, signal) {
      waiting = new AbortController();
      if (!rung) await clock.sleep(ms, AbortSignal.any([waiting.signal, signal]));
      waiting = undefined;
      const wasRung = rung;
      rung = false;
      return wasRung;
    },
  };
}
