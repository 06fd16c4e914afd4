import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import { dispatchOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import { parseAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { isBranchName } from '../../core/branch.ts';
import type { WorkerName } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';

/**
 * One bead on its way to one polecat, exactly as the rows say it: whoever carries it out, the sling that hooked it
 * or a daemon after a kill, reads the same and does the same (spec 11 F4-F7).
 */
export interface Dispatch {
  readonly rig: Rig;
  readonly bead: Bead;
  readonly worker: WorkerName;
  readonly address: AgentAddress;
  readonly spawn: number;
  /** `metadata.dispatch`. */
  readonly token: string;
  readonly branch: string;
  /** Branch the work will land on. */
  readonly base: string;
  readonly terms: SlingTerms;
}

/** The dispatch behind a hooked or working bead; undefined when its rows hold none that can be carried on. */
export async function readDispatch(reads: LedgerReads, rig: Rig, bead: Bead): Promise<Dispatch | undefined> {
  const token = dispatchOf(bead);
  if (token === undefined || !bead.assignee.startsWith(`${rig.name}/polecats/`)) return undefined;
  const address = parseAddress(bead.assignee);
  if (address.role !== 'polecat') return undefined;
  const row = await readAgentRow(reads, address, rig.prefix);
  if (row?.branch === undefined || row.spawn === 0) return undefined;
  const terms = slingTermsOf(bead);
  return {
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
