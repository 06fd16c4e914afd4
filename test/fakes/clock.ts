import type { Clock } from '../../src/ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on; sleepers wake in order, each at its own time, and may sleep again within the span. */
  advance(ms: number): Promise<void>;
  /** Jumps from sleeper to sleeper until `work` is settled. Throws when it waits for something else than time. */
  drive<T>(work: Promise<T>): Promise<T>;
  /** How many sleep now. */
  sleepers(): number;
}

/** 2026-01-01T00:00:00Z */
export const FAKE_EPOCH = 1_767_225_600_000;
/** After so many rounds in which nothing was ready, `drive` gives real input and output a millisecond per round. */
const QUICK_ROUNDS = 100;
/** Then it calls the promise stuck. */
const PATIENCE = 5000;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to move. */
export function createFakeClock(start: number = FAKE_EPOCH): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const next = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.at - b.at)[0];
  const wake = async (sleeper: Sleeper): Promise<void> => {
    now = Math.max(now, sleeper.at);
    sleepers.delete(sleeper);
    sleeper.wake();
    await settle();
  };
  const sleep: Clock['sleep'] = (ms, signal) => {
    if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const sleeper = { at: now + ms, wake: finish };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', finish, { once: true });
    });
  };
  const advance = async (ms: number): Promise<void> => {
    const end = now + ms;
    await settle();
    for (let sleeper = next(); sleeper !== undefined && sleeper.at <= end; sleeper = next())
      await wake(sleeper);
    now = end;
  };
  const drive = async <T>(work: Promise<T>): Promise<T> => {
    const state = { settled: false, idle: 0 };
    const finish = (): void => void (state.settled = true);
    work.then(finish, finish);
    while (!state.settled) {
      await settle();
      const sleeper = next();
      if (state.settled) break;
      state.idle = sleeper === undefined ? state.idle + 1 : 0;
      if (sleeper !== undefined) await wake(sleeper);
      else if (state.idle > QUICK_ROUNDS) await pause();
      if (state.idle > PATIENCE) throw new Error('fake clock: the work waits, but nobody sleeps');
    }
    return work;
  };
  return {
    now: () => now,
    monotonic: () => now - start,
    sleep,
    advance,
    drive,
    sleepers: () => sleepers.size,
  };
}

/** Lets everything run that can run without time passing. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
}
