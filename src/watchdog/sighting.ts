import type { SessionName } from '../core/names.ts';
import { describeExit } from '../polecat/session-fact.ts';
import { STOP_ASKED } from '../ports/panes.ts';
import type { PaneObservation, PaneState } from '../ports/panes.ts';
import type { Memory } from './memory.ts';
import type { Sighting } from './worker-facts.ts';

export function goneKey(session: SessionName, spawn: number): string {
  return `${session}#${spawn}`;
}

interface Look {
  readonly session: SessionName;
  readonly memory: Memory;
  /** Unix ms. */
  readonly now: number;
}

/** A session as the planner sees it. One whose processes are missing ended when that was first seen. */
export function sightingOf(observed: PaneObservation, { session, memory, now }: Look): Sighting {
  switch (observed.kind) {
    case 'none':
      return { kind: 'none' };
    case 'unreadable':
      return { kind: 'unreadable', why: observed.why };
    case 'live':
      return liveSighting(observed.state);
    case 'exited': {
      const { state } = observed;
      const asked = state.reason === STOP_ASKED;
      return { kind: 'ended', spawn: state.spawn, at: timeOf(state.since), how: describeExit(state), asked };
    }
    case 'gone': {
      const { spawn } = observed.state;
      const at = memory.gone.get(goneKey(session, spawn)) ?? now;
      return { kind: 'ended', spawn, at, how: GONE, asked: false };
    }
  }
}

export const GONE = 'its processes are gone';

function liveSighting({ spawn, state, since }: PaneState): Sighting {
  return { kind: 'live', spawn, phase: state, since: timeOf(since) };
}

/** Unix ms; 0 for a time that is none. */
function timeOf(text: string): number {
  return Date.parse(text) || 0;
}
