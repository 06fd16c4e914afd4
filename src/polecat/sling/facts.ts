import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import type { SlingContext } from '../../beads/forms/sling-context.ts';
import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { Rig } from '../../rig/registry.ts';
import type { RuntimeRecord } from '../../runtimes/types.ts';
import type { RigClosed } from '../../town/wanted.ts';
import type { Capacity } from '../capacity.ts';
import type { Recipient } from '../dispatch/dispatch.ts';
import type { OnHook } from './make-room.ts';
import type { SlingOptions } from './options.ts';

/** Everything that decides about slinging one bead, read before anything is changed (spec 11 F1). */
export interface SlingFacts extends OnHook {
  readonly bead: Bead;
  readonly to: Recipient;
  /** Where the recipient works; undefined = in the town. */
  readonly rig: Rig | undefined;
  readonly caller: AgentAddress;
  /** Unix ms. */
  readonly now: number;
  readonly options: SlingOptions;
  /** Taken down: orders are kept until `gt up`. */
  readonly townDown: boolean;
  /** The rig takes no work. */
  readonly rigClosed: RigClosed | undefined;
  readonly holder: Holder;
  /** Open blockers; empty while `bead.isBlocked` = blocked through its parent. */
  readonly blockers: readonly string[];
  /** Blockers that are only what an earlier sling left: they go. */
  readonly oldWisps: readonly string[];
  /** Tries that failed, and how many are allowed. */
  readonly attempts: { readonly count: number; readonly limit: number };
  /** The bead's queue row. */
  readonly queued: SlingContext | undefined;
  /** A convoy that already tracks the bead. */
  readonly convoy: string | undefined;
  /** Of polecats; anybody else needs no slot. */
  readonly capacity: Capacity;
  /** Of the session that will be started; undefined = none will. */
  readonly runtime: RuntimeRecord | undefined;
  readonly script: ScriptOrder | undefined;
  /** The workflow that was asked for, or that is usual; undefined = none. */
  readonly formula: string | undefined;
  /** Where the epic of the bead is collected; undefined = it has no branch of its own. */
  readonly epicBranch: string | undefined;
  /** A molecule that a person attached to the bead. */
  readonly molecule: string | undefined;
}

/** Who has the bead. */
export type Holder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'submitted'; readonly mr: MergeRequest }
  | {
      readonly kind: 'held';
      readonly by: string;
      /** Its address, when it is an agent of this town. */
      readonly agent: AgentAddress | undefined;
      readonly life: 'live' | 'dead' | 'unknown';
    };
