import { STOP_ASKED } from '../../ports/panes.ts';
import type { PaneObservation, PaneState } from '../../ports/panes.ts';
import type { WantedState } from '../../town/wanted.ts';
import { dueIn } from '../backoff.ts';
import type { BackoffRule } from '../backoff.ts';
import type { Failure } from '../memory.ts';

export interface KeepFacts {
  readonly wanted: WantedState;
  readonly seen: PaneObservation;
  /** Starts that were soon over, or failed. */
  readonly failures: Failure | undefined;
}

export type KeepAction =
  | { readonly kind: 'stop' }
  | { readonly kind: 'start'; readonly why: string }
  | { readonly kind: 'wait'; readonly ms: number }
  /** It has lived long enough: what was before no longer counts. */
  | { readonly kind: 'forgive' };

export interface KeepRules {
  /** Unix ms. */
  readonly now: number;
  readonly backoff: BackoffRule;
}

/** A session that lived so long was not the fault of its start. */
const STABLE_MS = 30 * 60_000;

/** What to do about an agent that a person has started or stopped by name. Nothing follows from what cannot be read. Pure. */
export function planKeep(
  { wanted, seen, failures }: KeepFacts,
  { now, backoff }: KeepRules,
): KeepAction | undefined {
  if (seen.kind === 'unreadable') return undefined;
  if (wanted === 'down') return seen.kind === 'live' ? { kind: 'stop' } : undefined;
  if (seen.kind === 'live') {
    return failures !== undefined && now - Date.parse(seen.state.started) >= STABLE_MS
      ? { kind: 'forgive' }
      : undefined;
  }
  if (seen.kind === 'exited' && isOver(seen.state)) return undefined;
  const ms = failures === undefined ? 0 : dueIn(failures.count, failures.last, { now, rule: backoff });
  return ms > 0 ? { kind: 'wait', ms } : { kind: 'start', why: howItEnded(seen) };
}

/** It was ended in order (by `gt down`, or by a start that replaces it and goes on by itself), or ended by itself and said that all is well: whoever sat before it has left it. */
export function isOver({ exit, reason, wasReady }: PaneState): boolean {
  return reason === STOP_ASKED || (exit?.code === 0 && reason === undefined && wasReady);
}

function howItEnded(seen: Exclude<PaneObservation, { readonly kind: 'live' | 'unreadable' }>): string {
  if (seen.kind === 'none') return 'it was never started';
  if (seen.kind === 'gone') return 'its processes are gone';
  const { exit, reason } = seen.state;
  return reason ?? `it ended with ${exit?.signal ?? exit?.code ?? 'no word'}`;
}
