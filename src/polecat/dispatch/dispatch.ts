import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import { dispatchOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import { parseAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { isBranchName } from '../../core/branch.ts';
import type { WorkerName } from '../../core/names.ts';
import type { AgentPlace } from '../../rig/agent-place.ts';
import type { Rig } from '../../rig/registry.ts';

/** Who is to have a bead, before F2 has chosen one. */
export type Recipient =
  /** A polecat of the rig: any, or the named one. `orAny` = another one when that is dead. */
  | {
      readonly kind: 'worker';
      readonly rig: Rig;
      readonly named?: WorkerName | undefined;
      readonly orAny?: boolean | undefined;
    }
  /** A dog of the town: any, or the named one. */
  | { readonly kind: 'dog'; readonly named?: WorkerName | undefined }
  /** An agent that is there whether it has work or not: mayor, crew, witness and their like, or a person. */
  | { readonly kind: 'standing'; readonly address: AgentAddress };

interface OneBead {
  readonly bead: Bead;
  readonly address: AgentAddress;
  /** `metadata.dispatch`. */
  readonly token: string;
  readonly terms: SlingTerms;
}

/** One bead on its way to a polecat, which gets a worktree, a branch and a new session for it. */
export interface WorkerDispatch extends OneBead {
  readonly kind: 'worker';
  readonly rig: Rig;
  readonly worker: WorkerName;
  readonly spawn: number;
  readonly branch: string;
  /** Branch the work will land on. */
  readonly base: string;
}

/** One bead on its way to an agent with a home of its own, which is only told, or started when it is not up. */
export interface StandingDispatch extends OneBead {
  readonly kind: 'standing';
  readonly place: AgentPlace;
}

/**
 * Exactly as the rows say it: whoever carries it out, the sling that hooked the bead or a daemon after a kill, reads
 * the same and does the same (spec 11 F4-F7).
 */
export type Dispatch = WorkerDispatch | StandingDispatch;

/** The dispatch behind a polecat's bead; undefined when its rows hold none that can be carried on. */
export async function readDispatch(
  reads: LedgerReads,
  rig: Rig,
  bead: Bead,
): Promise<WorkerDispatch | undefined> {
  const token = dispatchOf(bead);
  if (token === undefined || !bead.assignee.startsWith(`${rig.name}/polecats/`)) return undefined;
  const address = parseAddress(bead.assignee);
  if (address.role !== 'polecat') return undefined;
  const row = await readAgentRow(reads, address, rig.prefix);
  if (row?.branch === undefined || row.spawn === 0) return undefined;
  const terms = slingTermsOf(bead);
  return {
    kind: 'worker',
    rig,
    bead,
    worker: address.name,
    address,
    spawn: row.spawn,
    token,
    branch: row.branch,
    base: terms.baseBranch ?? rig.defaultBranch,
    terms,
  };
}

/** The branch of an earlier try; a name that git would not take is no branch. */
export function priorBranchOf(terms: SlingTerms): string | undefined {
  const name = terms.vars['prior_branch'];
  return name !== undefined && isBranchName(name) ? name : undefined;
}
