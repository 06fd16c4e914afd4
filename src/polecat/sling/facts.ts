import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import type { SlingContext } from '../../beads/forms/sling-context.ts';
import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { WorkerName } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';
import type { RuntimeRecord } from '../../runtimes/types.ts';
import type { Capacity } from '../capacity.ts';
import type { SlingOptions } from './options.ts';

/** Everything that decides about slinging one bead, read before anything is changed (spec 11 F1). */
export interface SlingFacts {
  readonly bead: Bead;
  readonly rig: Rig;
  /** Worker named by the target, `<rig>/<n>`. */
  readonly worker: WorkerName | undefined;
  readonly caller: AgentAddress;
  /** Unix ms. */
  readonly now: number;
  readonly options: SlingOptions;
  /** Taken down: orders are kept until `gt up`. */
  readonly townDown: boolean;
  readonly rigParked: boolean;
  readonly holder: Holder;
  /** Open blockers; empty while `bead.isBlocked` = blocked through its parent. */
  readonly blockers: readonly string[];
  /** Tries that failed, and how many are allowed. */
  readonly attempts: { readonly count: number; readonly limit: number };
  /** The bead's queue row. */
  readonly queued: SlingContext | undefined;
  /** A convoy that already tracks the bead. */
  readonly convoy: string | undefined;
  readonly capacity: Capacity;
  readonly runtime: RuntimeRecord;
  readonly script: ScriptOrder | undefined;
}

/** Who has the bead. */
export type Holder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'submitted'; readonly mr: MergeRequest }
  | {
      readonly kind: 'held';
      readonly by: string;
      /** Its address, when it is an agent. */
      readonly agent: AgentAddress | undefined;
      readonly life: 'live' | 'dead' | 'unknown';
    };
