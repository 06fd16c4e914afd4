import { expect, test } from 'vitest';
import { createBell } from '../../../src/watchdog/bell.ts';
import { createFakeClock } from '../../fakes/clock.ts';

const NEVER = new AbortController().signal;

test('a ring ends the wait at once, otherwise time does', async () => {
  const clock = createFakeClock();
  const bell = createBell(clock);
  const waiting = bell.wait(1000, NEVER);
  bell.ring();
  expect(await waiting).toBe(true);
  expect(await clock.drive(bell.wait(1000, NEVER))).toBe(false);
});

test('a ring while nobody waits is not lost', async () => {
  const clock = createFakeClock();
  const bell = createBell(clock);
  bell.ring();
  bell.ring();
  expect(await bell.wait(1000, NEVER)).toBe(true);
  expect(await clock.drive(bell.wait(1000, NEVER))).toBe(false);
});

test('an abort ends the wait without a ring', async () => {
  const bell = createBell(createFakeClock());
  const stop = new AbortController();
  const waiting = bell.wait(1000, stop.signal);
  stop.abort();
  expect(await waiting).toBe(false);
});
