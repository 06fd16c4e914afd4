import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBeadId, parseWorkerName } from '../../../src/core/names.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { planWorker } from '../../../src/watchdog/plan-worker.ts';
import type { WorkerRules } from '../../../src/watchdog/plan-worker.ts';
import type { Sighting, WorkerFacts } from '../../../src/watchdog/worker-facts.ts';

const NOW = 1_000_000_000;
const SESSION = 'pj-ace' as SessionName;
const RULES: WorkerRules = {
  now: NOW,
  maxAttempts: 3,
  backoff: { initialMs: 30_000, maxMs: 600_000 },
  idleSessionMs: 900_000,
  massDeath: undefined,
};

const live = (spawn = 1): Sighting => ({ kind: 'live', spawn, phase: 'busy', since: NOW - 1000 });
const ended = (spawn = 1): Sighting => ({
  kind: 'ended',
  spawn,
  at: NOW - 5000,
  how: 'exit 1',
  asked: false,
});

/** A polecat at work, alive; each test changes what it is about. */
function worker(given: Partial<WorkerFacts> = {}): WorkerFacts {
  return {
    worker: parseWorkerName('ace'),
    session: SESSION,
    row: { agentState: 'working', spawn: 1, doneIntent: false },
    verdict: { state: 'working', reasons: ['session and agent live'] },
    held: { id: parseBeadId('pj-1'), status: 'in_progress' },
    attempts: { count: 0, last: 0 },
    seen: live(),
    wanted: 'up',
    autoRestart: true,
    hasFolder: true,
    ...given,
  };
}

const dead = (given: Partial<WorkerFacts> = {}): WorkerFacts =>
  worker({ verdict: { state: 'dead', reasons: ['its session ended: exit 1'] }, seen: ended(), ...given });

const kind = (facts: WorkerFacts, rules: Partial<WorkerRules> = {}): string | undefined =>
  planWorker(facts, { ...RULES, ...rules })?.kind;

describe('P1: nothing is done on a guess', () => {
  test.each<[string, WorkerFacts]>([
    ['a worker that is alive and at work', worker()],
    ['one that starts', worker({ verdict: { state: 'starting', reasons: [] } })],
    ['one whose session cannot be read', dead({ seen: { kind: 'unreadable', why: 'EIO' } })],
    [
      'one whose session cannot be read in a town that is down',
      worker({ wanted: 'down', seen: { kind: 'unreadable', why: 'EIO' } }),
    ],
    ['one whose verdict is unknown', worker({ verdict: { state: 'unknown', reasons: [] }, seen: ended() })],
    ['one that reported itself stuck', worker({ verdict: { state: 'stuck', reasons: [] }, seen: ended() })],
    [
      'a folder without a row',
      worker({
        row: undefined,
        held: undefined,
        verdict: { state: 'unknown', reasons: [] },
        seen: { kind: 'none' },
      }),
    ],
    [
      'an orphan session whose folder is still there',
      worker({ row: undefined, held: undefined, verdict: { state: 'orphan', reasons: [] } }),
    ],
    [
      'a nuked one',
      worker({
        row: { agentState: 'nuked', spawn: 1, doneIntent: false },
        held: undefined,
        verdict: { state: 'nuked', reasons: [] },
        seen: ended(),
      }),
    ],
    [
      'one at rest',
      worker({
        row: { agentState: 'idle', spawn: 1, doneIntent: false },
        held: undefined,
        verdict: { state: 'idle', reasons: [] },
        seen: ended(),
      }),
    ],
    ['one that holds work and is wanted down, its session gone', dead({ wanted: 'down' })],
  ])('%s', (_what, facts) => {
    expect(planWorker(facts, RULES)).toBeUndefined();
  });
});

describe('wanted down', () => {
  test('P10: a live session is stopped, held work stays held', () => {
    expect(planWorker(worker({ wanted: 'down' }), RULES)).toMatchObject({ kind: 'stop', session: SESSION });
  });
});

describe('handing in', () => {
  test('P7: a done that was killed is carried on, not restarted', () => {
    const row = { agentState: 'working', spawn: 1, doneIntent: true };
    expect(kind(dead({ row }))).toBe('resume-done');
    expect(kind(worker({ row }))).toBeUndefined();
  });

  test('a row that says done is released', () => {
    const row = { agentState: 'done', spawn: 1, doneIntent: false };
    expect(kind(worker({ row, held: undefined, verdict: { state: 'ending', reasons: [] } }))).toBe(
      'finish-done',
    );
  });

  test('a worker whose bead was closed is left in peace in the middle of its turn', () => {
    const facts = worker({ held: undefined, verdict: { state: 'ending', reasons: [] } });
    expect(kind(facts)).toBe('wait');
    const atRest = { kind: 'live', spawn: 1, phase: 'idle', since: NOW - 900_000 } as const;
    expect(kind({ ...facts, seen: atRest })).toBe('finish-done');
    expect(kind({ ...facts, seen: { ...atRest, phase: 'busy' } })).toBe('wait');
  });
});

describe('P6: hooked and not started', () => {
  const hooked = { id: parseBeadId('pj-1'), status: 'hooked' };
  test('is carried forward at once, also over an older session', () => {
    expect(kind(worker({ held: hooked, seen: { kind: 'none' } }))).toBe('roll-forward');
    expect(
      kind(
        worker({
          held: hooked,
          row: { agentState: 'spawning', spawn: 2, doneIntent: false },
          seen: ended(1),
        }),
      ),
    ).toBe('roll-forward');
    expect(
      kind(
        worker({ held: hooked, row: { agentState: 'spawning', spawn: 2, doneIntent: false }, seen: live(1) }),
      ),
    ).toBe('roll-forward');
  });

  test('a restart that was killed before its session is carried forward too', () => {
    expect(
      kind(worker({ row: { agentState: 'spawning', spawn: 2, doneIntent: false }, seen: ended(1) })),
    ).toBe('roll-forward');
  });

  test('after failures it waits, and after the last it is given up', () => {
    const facts = worker({ held: hooked, seen: { kind: 'none' } });
    expect(kind({ ...facts, attempts: { count: 1, last: NOW - 10_000 } })).toBe('wait');
    expect(kind({ ...facts, attempts: { count: 1, last: NOW - 31_000 } })).toBe('roll-forward');
    expect(kind({ ...facts, attempts: { count: 3, last: NOW - 10_000 } })).toBe('block');
  });
});

describe('P11: a worker that died', () => {
  test('is restarted at once the first time, later with a growing pause, and given up at the third death', () => {
    expect(planWorker(dead(), RULES)).toMatchObject({ kind: 'restart', counts: true });
    expect(planWorker(dead({ attempts: { count: 1, last: NOW - 1000 } }), RULES)).toMatchObject({
      kind: 'wait',
      ms: 29_000,
    });
    expect(kind(dead({ attempts: { count: 1, last: NOW - 30_000 } }))).toBe('restart');
    expect(planWorker(dead({ attempts: { count: 2, last: NOW - 600_000 } }), RULES)).toMatchObject({
      kind: 'block',
      why: 'its session ended: exit 1',
    });
  });

  test('a clock that was set back freezes nothing', () => {
    expect(planWorker(dead({ attempts: { count: 1, last: NOW + 86_400_000 } }), RULES)).toMatchObject({
      kind: 'wait',
      ms: 30_000,
    });
  });

  test('among many that died at once it waits, and then its death does not count', () => {
    const massDeath = { until: NOW + 40_000, sessions: new Set([SESSION]), isForgiven: true };
    expect(planWorker(dead(), { ...RULES, massDeath })).toMatchObject({ kind: 'wait', ms: 40_000 });
    const over = { ...massDeath, until: NOW };
    expect(
      planWorker(dead({ attempts: { count: 2, last: NOW } }), { ...RULES, massDeath: over }),
    ).toMatchObject({ kind: 'restart', counts: false });
    expect(
      kind(dead({ attempts: { count: 2, last: NOW } }), { massDeath: { ...over, isForgiven: false } }),
    ).toBe('block');
  });
});

test('a session that nobody owns is stopped only when row and folder are both gone', () => {
  const orphan = worker({
    row: undefined,
    held: undefined,
    hasFolder: false,
    verdict: { state: 'orphan', reasons: [] },
  });
  expect(kind(orphan)).toBe('stop');
});

const states = [
  'unknown',
  'idle',
  'starting',
  'working',
  'ending',
  'stuck',
  'dead',
  'orphan',
  'nuked',
] as const;
const anyFacts = fc.record({
  agentState: fc.constantFrom('spawning', 'working', 'done', 'idle', 'stuck', 'nuked', ''),
  doneIntent: fc.boolean(),
  state: fc.constantFrom(...states),
  status: fc.constantFrom('hooked', 'in_progress', undefined),
  count: fc.integer({ min: 0, max: 5 }),
  wanted: fc.constantFrom('up' as const, 'down' as const),
  hasFolder: fc.boolean(),
  spawn: fc.integer({ min: 1, max: 3 }),
});

function factsOf(
  drawn: typeof anyFacts extends fc.Arbitrary<infer T> ? T : never,
  seen: Sighting,
): WorkerFacts {
  const { agentState, doneIntent, state, status, count, wanted, hasFolder } = drawn;
  return worker({
    row: { agentState, spawn: 1, doneIntent },
    verdict: { state, reasons: [] },
    held: status === undefined ? undefined : { id: parseBeadId('pj-1'), status },
    attempts: { count, last: NOW - 1 },
    wanted,
    hasFolder,
    seen,
  });
}

test('P1: whatever the rows say, a live session of this spawn is never restarted, started anew or given up', () => {
  fc.assert(
    fc.property(anyFacts, (drawn) => {
      fc.pre(drawn.state !== 'dead');
      const action = kind(factsOf(drawn, live(drawn.spawn)));
      expect(['restart', 'block', 'roll-forward', 'resume-done']).not.toContain(action);
    }),
  );
});

test('P1: whatever the rows say, an unreadable session makes no action at all', () => {
  fc.assert(
    fc.property(anyFacts, (drawn) => {
      expect(planWorker(factsOf(drawn, { kind: 'unreadable', why: 'EIO' }), RULES)).toBeUndefined();
    }),
  );
});

test('P10: what is wanted down is never started', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom(live(), ended(), { kind: 'none' } as const), (drawn, seen) => {
      const action = planWorker(factsOf({ ...drawn, wanted: 'down' }, seen), RULES);
      expect([undefined, 'stop']).toContain(action?.kind);
    }),
  );
});
