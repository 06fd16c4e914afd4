import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { clockContract } from './clock.contract.ts';

describe('the system clock', () => {
  clockContract(() => {
    const clock = createClock();
    return { clock, pass: (ms) => clock.sleep(ms) };
  });

  it('does not take a month for no time: timers end at 2^31 ms', async () => {
    const stop = new AbortController();
    let woke = false;
    const sleeping = createClock()
      .sleep(2 ** 31 + 1000, stop.signal)
      .then(() => {
        woke = true;
      });
    await createClock().sleep(20);
    expect(woke).toBe(false);
    stop.abort();
    await sleeping;
  });
});

describe('a clock that is told', () => {
  clockContract(() => {
    const clock = createFakeClock();
    return { clock, pass: (ms) => clock.advance(ms) };
  });

  it('wakes sleepers in order, each at its own time', async () => {
    const clock = createFakeClock(0);
    const woken: number[] = [];
    const sleep = async (ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push(clock.now());
    };
    const all = Promise.all([sleep(300), sleep(100), sleep(200).then(() => sleep(50))]);
    await clock.advance(1000);
    await all;
    expect(woken).toEqual([100, 200, 250, 300]);
    expect(clock.now()).toBe(1000);
  });

  it('drives work to its end without waiting', async () => {
    const clock = createFakeClock(0);
    const work = async (): Promise<number> => {
      for (let day = 0; day < 30; day += 1) await clock.sleep(86_400_000);
      return clock.now();
    };
    expect(await clock.drive(work())).toBe(30 * 86_400_000);
    await expect(clock.drive(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
