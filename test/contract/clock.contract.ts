import { beforeEach, expect, it } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets that much time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

/** What every Clock promises; run on each implementation. */
export function clockContract(setUp: () => ClockUnderTest): void {
  let made: ClockUnderTest;
  beforeEach(() => {
    made = setUp();
  });

  it('counts whole Unix milliseconds of this century, and never back', async () => {
    const { clock, pass } = made;
    const [now, mark] = [clock.now(), clock.monotonic()];
    expect(Number.isInteger(now)).toBe(true);
    expect(new Date(now).getUTCFullYear()).toBeGreaterThan(2024);
    await pass(5);
    expect(clock.now()).toBeGreaterThanOrEqual(now + 4);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(mark + 4);
  });

  it('does not wake a sleeper early', async () => {
    const { clock, pass } = made;
    const started = clock.monotonic();
    let slept = -1;
    const sleeping = clock.sleep(20).then(() => {
      slept = clock.monotonic() - started;
    });
    await pass(30);
    await sleeping;
    expect(slept).toBeGreaterThanOrEqual(19);
  });

  it('does not sleep for no time at all, nor for a time that is over', async () => {
    await made.clock.sleep(0);
    await made.clock.sleep(-5);
  });

  it('wakes at once, without an error, when the sleep is called off', async () => {
    const { clock } = made;
    const stop = new AbortController();
    const started = clock.monotonic();
    const sleeping = clock.sleep(3_600_000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(3_600_000, stop.signal);
    expect(clock.monotonic() - started).toBeLessThan(60_000);
  });
}
