import type { Bead } from '../../beads/types.ts';
import type { GtError } from '../../core/errors.ts';
import type { CarriedOut } from '../dispatch/carry-out.ts';
import type { Dispatch } from '../dispatch/dispatch.ts';
import type { SlingFacts } from './facts.ts';
import type { SlingPlan } from './plan.ts';

/** What became of one slung bead. */
export type SlingResult =
  | {
      readonly kind: 'dispatched';
      readonly bead: Bead;
      readonly dispatch: Dispatch;
      readonly done: CarriedOut;
    }
  /** `watched` = a daemon runs that will dispatch it. */
  | { readonly kind: 'queued'; readonly bead: Bead; readonly why: string; readonly watched: boolean }
  /** The named worker has it already. */
  | { readonly kind: 'unchanged'; readonly bead: Bead; readonly on: string }
  /** Dry run: nothing was done. */
  | {
      readonly kind: 'planned';
      readonly bead: Bead;
      readonly plan: Exclude<SlingPlan, { do: 'refuse' }>;
      readonly facts: SlingFacts;
    }
  | { readonly kind: 'failed'; readonly bead: Bead; readonly error: GtError };
