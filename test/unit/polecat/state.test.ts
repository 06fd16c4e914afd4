import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { known, unknownFact } from '../../../src/core/fact.ts';
import { STARTING_MS, listWord, polecatState } from '../../../src/polecat/state.ts';
import type { PolecatFacts, PolecatState, SessionFact } from '../../../src/polecat/state.ts';

const none: SessionFact = { kind: 'none' };
const ready: SessionFact = { kind: 'live', spawn: 3, ready: true };
const unready: SessionFact = { kind: 'live', spawn: 3, ready: false };
const exited: SessionFact = { kind: 'exited', spawn: 3, how: 'exit 1' };
const oldExit: SessionFact = { kind: 'exited', spawn: 2, how: 'exit 0' };
const gone = (looks: number, spawn = 3): SessionFact => ({ kind: 'gone', spawn, looks });
const blind: SessionFact = { kind: 'unreadable', why: 'torn file' };

interface Row {
  readonly agent?: string;
  readonly holds?: boolean;
  readonly session?: SessionFact;
  readonly folder?: boolean;
  readonly wanted?: boolean;
  readonly age?: number;
  readonly without?: 'row';
  readonly unread?: 'row' | 'holds' | 'folder' | 'wanted';
}

function factsOf(row: Row): PolecatFacts {
  const agent = { agentState: row.agent ?? 'working', spawn: 3 };
  const blindFact = unknownFact('no answer');
  return {
    row: row.unread === 'row' ? blindFact : known(row.without === 'row' ? undefined : agent),
    holds: row.unread === 'holds' ? blindFact : known(row.holds ?? false),
    session: row.session ?? none,
    directory: row.unread === 'folder' ? blindFact : known(row.folder ?? true),
    wantedUp: row.unread === 'wanted' ? blindFact : known(row.wanted ?? true),
    spawnAgeMs: row.age ?? STARTING_MS * 2,
  };
}

const young = STARTING_MS - 1;

describe('P1: one verdict per combination of facts', () => {
  const table: readonly (readonly [PolecatState, string, Row])[] = [
    ['idle', 'holds nothing, no session', { agent: 'idle' }],
    ['idle', 'a row that never had a state', { agent: '' }],
    ['idle', 'an old session ended', { agent: 'idle', session: exited }],
    ['idle', 'its last session vanished', { agent: 'idle', session: gone(1) }],
    ['idle', 'wanted down', { agent: 'idle', wanted: false }],
    ['idle', 'nobody can tell what is wanted', { agent: 'idle', unread: 'wanted' }],
    ['starting', 'hooked a moment ago, no session yet', { agent: 'spawning', holds: true, age: 0 }],
    ['starting', 'just before the five minutes', { agent: 'spawning', holds: true, age: young }],
    [
      'starting',
      'session up, agent not ready',
      { agent: 'spawning', holds: true, session: unready, age: young },
    ],
    [
      'starting',
      'only an older session ended',
      { agent: 'spawning', holds: true, session: oldExit, age: young },
    ],
    [
      'starting',
      'only an older session vanished',
      { agent: 'spawning', holds: true, session: gone(2, 2), age: young },
    ],
    [
      'stopped',
      'young and wanted down: nothing starts it',
      { agent: 'spawning', holds: true, age: 0, wanted: false },
    ],
    ['working', 'ready', { holds: true, session: ready }],
    ['working', 'ready at once', { holds: true, session: ready, age: 0 }],
    ['working', 'live without ever reading its hook', { agent: 'spawning', holds: true, session: unready }],
    ['working', 'live, wanted down', { holds: true, session: ready, wanted: false }],
    ['working', 'its row says idle but it holds and lives', { agent: 'idle', holds: true, session: ready }],
    ['working', 'its row says done but it holds and lives', { agent: 'done', holds: true, session: ready }],
    ['ending', 'handed in, session still up', { agent: 'done', session: ready }],
    ['ending', 'bead closed by a person, session up', { agent: 'working', session: ready }],
    ['ending', 'an idle one with a session left over', { agent: 'idle', session: ready }],
    ['ending', 'handed in, session gone, not released', { agent: 'done' }],
    ['ending', 'bead taken while it was starting', { agent: 'spawning', session: exited }],
    ['ending', 'handed in, exit read', { agent: 'done', session: exited }],
    ['stuck', 'it said so', { agent: 'stuck', holds: true, session: ready }],
    ['stuck', 'it said so and its session ended', { agent: 'stuck', holds: true, session: exited }],
    ['stuck', 'it waits for a gate', { agent: 'awaiting-gate', holds: true, session: none }],
    ['stuck', 'it escalated', { agent: 'escalated' }],
    ['dead', 'exit was read', { holds: true, session: exited }],
    ['dead', 'exit was read right after the start', { holds: true, session: exited, age: 0 }],
    ['dead', 'processes gone in two looks', { holds: true, session: gone(2) }],
    ['dead', 'its session never started', { agent: 'spawning', holds: true, age: STARTING_MS }],
    ['dead', 'only an older session ended, long ago', { agent: 'spawning', holds: true, session: oldExit }],
    ['unknown', 'processes gone in one look', { holds: true, session: gone(1) }],
    ['stopped', 'holds work while the town is down', { holds: true, session: exited, wanted: false }],
    ['unknown', 'nobody can tell whether it is wanted', { holds: true, session: exited, unread: 'wanted' }],
    ['unknown', 'its state file is torn', { holds: true, session: blind }],
    ['unknown', 'an idle one whose state file is torn', { agent: 'idle', session: blind }],
    ['unknown', 'the ledger does not answer', { unread: 'row', session: ready }],
    ['unknown', 'its work cannot be read', { unread: 'holds', session: exited }],
    ['unknown', 'its folder cannot be looked at', { unread: 'folder', holds: true, session: exited }],
    ['unknown', 'a folder without a row', { without: 'row' }],
    ['orphan', 'a session without a row', { without: 'row', session: ready, folder: false }],
    ['orphan', 'a session without a row, in a folder', { without: 'row', session: unready }],
    ['orphan', 'its worktree was removed under it', { holds: true, session: ready, folder: false }],
    ['orphan', 'a session of a nuked polecat', { agent: 'nuked', session: ready }],
    ['nuked', 'row only', { agent: 'nuked', folder: false }],
    ['nuked', 'its folder is left', { agent: 'nuked' }],
  ];

  test.each(table)('%s: %s', (state, _why, row) => {
    const verdict = polecatState(factsOf(row));
    expect(verdict.state).toBe(state);
    expect(verdict.reasons[0]).not.toBe('');
  });

  test('the table has every state and at least forty rows', () => {
    expect(table.length).toBeGreaterThanOrEqual(40);
    const states = [
      'unknown',
      'idle',
      'starting',
      'working',
      'ending',
      'stuck',
      'stopped',
      'dead',
      'orphan',
      'nuked',
    ];
    expect(new Set(table.map(([state]) => state))).toEqual(new Set(states));
  });
});

const sessions: fc.Arbitrary<SessionFact> = fc.oneof(
  fc.constant(none),
  fc.record({ kind: fc.constant('live' as const), spawn: fc.nat(5), ready: fc.boolean() }),
  fc.record({ kind: fc.constant('exited' as const), spawn: fc.nat(5), how: fc.constant('exit 0') }),
  fc.record({ kind: fc.constant('gone' as const), spawn: fc.nat(5), looks: fc.nat(3) }),
  fc.constant(blind),
);
const rows: fc.Arbitrary<Row> = fc.record({
  agent: fc.constantFrom('', 'idle', 'spawning', 'working', 'done', 'stuck', 'nuked', 'escalated'),
  holds: fc.boolean(),
  session: sessions,
  folder: fc.boolean(),
  wanted: fc.boolean(),
  age: fc.nat(STARTING_MS * 3),
});

describe('P1: whatever the facts', () => {
  test('a live session is never dead, idle or nuked', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const { state } = polecatState(factsOf({ ...row, session: ready }));
        expect(['dead', 'idle', 'nuked']).not.toContain(state);
      }),
    );
  });

  test('an unreadable fact never leads to an act', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom('row', 'holds', 'folder'), (row, unread) => {
        expect(polecatState(factsOf({ ...row, unread })).state).toBe('unknown');
      }),
    );
  });

  test('death is never found while work is wanted down', () => {
    fc.assert(
      fc.property(rows, (row) => {
        expect(polecatState(factsOf({ ...row, wanted: false })).state).not.toBe('dead');
      }),
    );
  });

  test('work that is held is never called idle', () => {
    fc.assert(
      fc.property(rows, (row) => {
        expect(polecatState(factsOf({ ...row, holds: true })).state).not.toBe('idle');
      }),
    );
  });
});

describe('polecat list keeps the words that scripts know', () => {
  test.each([
    ['idle', 'idle'],
    ['starting', 'working'],
    ['working', 'working'],
    ['ending', 'done'],
    ['stuck', 'stuck'],
    ['dead', 'stalled'],
    ['orphan', 'zombie'],
    ['nuked', 'nuked'],
  ] as const)('%s is %s', (state, word) => {
    expect(listWord({ state, reasons: [] }, 'working')).toBe(word);
  });

  test('unknown shows the last word with a question mark', () => {
    expect(listWord({ state: 'unknown', reasons: [] }, 'working')).toBe('working?');
    expect(listWord({ state: 'unknown', reasons: [] }, '')).toBe('unknown?');
  });
});
