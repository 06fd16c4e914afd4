import type { Bead } from '../../beads/types.ts';
import type { GtError } from '../../core/errors.ts';
import type { CarriedOut } from '../dispatch/carry-out.ts';
import type { Dispatch } from '../dispatch/dispatch.ts';
import type { Prepared } from './dispatch-planned.ts';
import type { SlingFacts } from './facts.ts';
import type { SlingPlan } from './plan.ts';

interface Noted {
  readonly bead: Bead;
  /** What is otherwise than asked for or usual. */
  readonly notes: readonly string[];
}

/** What became of one slung bead. */
export type SlingResult =
  | (Noted & { readonly kind: 'dispatched'; readonly dispatch: Dispatch; readonly done: CarriedOut })
  /** `watched` = a daemon runs that will dispatch it. */
  | (Noted & { readonly kind: 'queued'; readonly why: string; readonly watched: boolean })
  /** The named agent has it already. */
  | { readonly kind: 'unchanged'; readonly bead: Bead; readonly on: string }
  /** Dry run: nothing was done. */
  | (Noted & {
      readonly kind: 'planned';
      readonly plan: Extract<SlingPlan, { do: 'queue' | 'dispatch' }>;
      readonly facts: SlingFacts;
      readonly prepared: Prepared;
    })
  | { readonly kind: 'failed'; readonly bead: Bead; readonly error: GtError };
