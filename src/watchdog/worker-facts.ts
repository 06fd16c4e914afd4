import type { BeadId, SessionName, WorkerName } from '../core/names.ts';
import type { PolecatVerdict } from '../polecat/state.ts';
import type { PanePhase } from '../ports/panes.ts';
import type { Attempts } from '../town/attempts.ts';
import type { WantedState } from '../town/wanted.ts';

/** What was seen of a session in this pass. */
export type Sighting =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'live';
      readonly spawn: number;
      readonly phase: PanePhase;
      /** Unix ms of its last change of phase. */
      readonly since: number;
    }
  | {
      readonly kind: 'ended';
      readonly spawn: number;
      /** Unix ms. */
      readonly at: number;
      readonly how: string;
      /** gt ended it in order (`gt down`): nobody's fault, and nothing to announce. */
      readonly asked: boolean;
    }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Everything that decides about one polecat in one pass. */
export interface WorkerFacts {
  readonly worker: WorkerName;
  readonly session: SessionName;
  /** Its agent row; undefined = looked, there is none. */
  readonly row:
    { readonly agentState: string; readonly spawn: number; readonly doneIntent: boolean } | undefined;
  readonly verdict: PolecatVerdict;
  /** Work that is not submitted. */
  readonly held: { readonly id: BeadId; readonly status: string } | undefined;
  readonly attempts: Attempts;
  readonly seen: Sighting;
  readonly wanted: WantedState;
  /** False = the rig's people start its dead agents again themselves. */
  readonly autoRestart: boolean;
  readonly hasFolder: boolean;
}
