import { expect, test } from 'vitest';
import { parseWorkerName } from '../../../src/core/names.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { backoffMs } from '../../../src/watchdog/backoff.ts';
import { findMassDeath, rememberMassDeath } from '../../../src/watchdog/mass-death.ts';
import type { WorkerFacts } from '../../../src/watchdog/worker-facts.ts';

const RULE = { windowMs: 30_000, threshold: 3 };

function deadAt(at: number, state: 'dead' | 'idle' = 'dead'): WorkerFacts {
  return {
    worker: parseWorkerName(`w${at}`),
    session: `pj-w${at}` as SessionName,
    row: { agentState: 'working', spawn: 1, doneIntent: false },
    verdict: { state, reasons: [] },
    held: undefined,
    attempts: { count: 0, last: 0 },
    seen: { kind: 'ended', spawn: 1, at, how: 'signal HUP', asked: false },
    wanted: 'up',
    autoRestart: true,
    hasFolder: true,
  };
}

test('three deaths within the window are one mass death, two are two deaths', () => {
  expect(findMassDeath([deadAt(1000), deadAt(20_000)], RULE)).toBeUndefined();
  const death = findMassDeath([deadAt(1000), deadAt(20_000), deadAt(31_000)], RULE);
  expect(death).toMatchObject({ at: 31_000 });
  expect(death?.sessions.size).toBe(3);
});

test('deaths far apart are none, workers at rest do not count', () => {
  expect(findMassDeath([deadAt(0), deadAt(40_000), deadAt(80_000)], RULE)).toBeUndefined();
  expect(findMassDeath([deadAt(1), deadAt(2), deadAt(3, 'idle')], RULE)).toBeUndefined();
});

test('an older group is found behind a newer single death', () => {
  expect(findMassDeath([deadAt(1), deadAt(2), deadAt(3), deadAt(900_000)], RULE)).toMatchObject({ at: 3 });
});

test('P11: a machine that kills its agents again within the hour is not forgiven again', () => {
  const group = (at: number) => findMassDeath([deadAt(at), deadAt(at + 1), deadAt(at + 2)], RULE);
  const first = rememberMassDeath(undefined, group(1000));
  expect(first).toEqual({ announced: 1002, forgiven: 1002 });
  expect(rememberMassDeath(first, group(1000))).toBe(first);
  const second = rememberMassDeath(first, group(100_000));
  expect(second).toEqual({ announced: 100_002, forgiven: 1002 });
  expect(rememberMassDeath(second, group(4_000_000))).toMatchObject({ forgiven: 4_000_002 });
  expect(rememberMassDeath(second, undefined)).toBe(second);
});

test('pauses double up to their ceiling and never overflow', () => {
  const rule = { initialMs: 30_000, maxMs: 600_000 };
  expect([0, 1, 2, 3, 5, 6, 2000].map((failures) => backoffMs(failures, rule))).toEqual([
    0, 30_000, 60_000, 120_000, 480_000, 600_000, 600_000,
  ]);
});
