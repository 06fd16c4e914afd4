import { isSelfReportedStuck } from '../beads/forms/agent-row.ts';
import type { Fact } from '../core/fact.ts';

/**
 * What a polecat is doing (spec 11 C). `unknown` means a needed fact could not be read: nothing may act on it. `stopped`
 * = holds work whose session people ended (gt down): gt up goes on with it.
 */
export type PolecatState =
  'unknown' | 'idle' | 'starting' | 'working' | 'ending' | 'stuck' | 'stopped' | 'dead' | 'orphan' | 'nuked';

/** A session as seen now, already checked against the processes it names. */
export type SessionFact =
  | { readonly kind: 'none' }
  | { readonly kind: 'live'; readonly spawn: number; readonly ready: boolean }
  | { readonly kind: 'exited'; readonly spawn: number; readonly how: string }
  /** The file says alive, the processes are not there; `looks` = how often in a row that was seen. */
  | { readonly kind: 'gone'; readonly spawn: number; readonly looks: number }
  | { readonly kind: 'unreadable'; readonly why: string };

export interface PolecatFacts {
  /** The agent row; value undefined = looked, there is none. */
  readonly row: Fact<{ readonly agentState: string; readonly spawn: number } | undefined>;
  /** Holds work that is not submitted. */
  readonly holds: Fact<boolean>;
  readonly session: SessionFact;
  /** The polecat's folder exists. */
  readonly directory: Fact<boolean>;
  /** The town, rig and agent are wanted up. */
  readonly wantedUp: Fact<boolean>;
  /** Milliseconds since the row was last given a session. */
  readonly spawnAgeMs: number;
}

export interface PolecatVerdict {
  readonly state: PolecatState;
  /** Why, in plain words; the first is the deciding one. */
  readonly reasons: readonly string[];
}

/** A session that has not shown itself for longer than this has failed to start. */
export const STARTING_MS = 5 * 60_000;

type Row = { readonly agentState: string; readonly spawn: number };

/** The one verdict on a polecat. Pure: facts in, state and reasons out (P1). */
export function polecatState(facts: PolecatFacts): PolecatVerdict {
  const { row, holds, directory, session } = facts;
  if (!row.ok) return verdict('unknown', `agent row: ${row.why}`);
  if (!holds.ok) return verdict('unknown', `held work: ${holds.why}`);
  if (!directory.ok) return verdict('unknown', `folder: ${directory.why}`);
  if (session.kind === 'unreadable') return verdict('unknown', `session: ${session.why}`);
  if (row.value === undefined || row.value.agentState === 'nuked') {
    return withoutWorker(row.value, session, directory.value);
  }
  if (session.kind === 'live' && !directory.value) return verdict('orphan', 'its folder is gone');
  if (isSelfReportedStuck(row.value.agentState))
    return verdict('stuck', `it reported ${row.value.agentState}`);
  const current = currentSession(session, row.value);
  return holds.value ? holding(facts, current) : holdingNothing(row.value, current);
}

function withoutWorker(row: Row | undefined, session: SessionFact, directory: boolean): PolecatVerdict {
  if (session.kind === 'live') {
    return verdict(
      'orphan',
      row === undefined ? 'a session without an agent row' : 'a session of a nuked polecat',
    );
  }
  if (row === undefined) return verdict('unknown', 'a folder without an agent row');
  return verdict('nuked', directory ? 'nuked, its folder is still there' : 'nuked');
}

/** A session older than the row's spawn says nothing about the present one; a live one still occupies the pane. */
function currentSession(session: SessionFact, row: Row): SessionFact {
  if (session.kind === 'none' || session.kind === 'unreadable' || session.kind === 'live') return session;
  return session.spawn < row.spawn ? { kind: 'none' } : session;
}

function holding(facts: PolecatFacts, session: SessionFact): PolecatVerdict {
  const young = facts.spawnAgeMs < STARTING_MS;
  if (session.kind === 'live') {
    return session.ready || !young
      ? verdict('working', 'session and agent live')
      : verdict('starting', 'its session is not ready yet');
  }
  if (facts.wantedUp.ok && !facts.wantedUp.value)
    return verdict('stopped', 'holds work, but it is wanted down');
  if (session.kind === 'none' && young) return verdict('starting', 'its session is not started yet');
  if (!facts.wantedUp.ok) return verdict('unknown', `wanted state: ${facts.wantedUp.why}`);
  if (session.kind === 'gone' && session.looks < 2) {
    return verdict('unknown', 'its processes are gone; one look is not proof');
  }
  return verdict('dead', deathOf(session));
}

function deathOf(session: SessionFact): string {
  if (session.kind === 'exited') return `its session ended: ${session.how}`;
  return session.kind === 'gone' ? 'its processes are gone' : 'its session never started';
}

function holdingNothing(row: Row, session: SessionFact): PolecatVerdict {
  if (session.kind === 'live') return verdict('ending', 'holds nothing, its session is still up');
  if (row.agentState === 'idle' || row.agentState === '') return verdict('idle', 'holds nothing');
  return verdict('ending', 'holds nothing, to be released');
}

function verdict(state: PolecatState, reason: string): PolecatVerdict {
  return { state, reasons: [reason] };
}

/** The word that `polecat list` prints; scripts of the Go gt know these. */
export function listWord(verdict: PolecatVerdict, agentState: string): string {
  switch (verdict.state) {
    case 'idle':
    case 'stuck':
    case 'nuked':
      return verdict.state;
    case 'starting':
    case 'working':
      return 'working';
    case 'ending':
      return 'done';
    case 'stopped':
    case 'dead':
      return 'stalled';
    case 'orphan':
      return 'zombie';
    case 'unknown':
      return `${agentState === '' ? 'unknown' : agentState}?`;
  }
}
