import { addressForms, formatAddress, parseAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { UsageError } from '../core/errors.ts';
import { OPEN_REQUESTS, isLive, openMergeRequests, parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { Bead, BeadFilter, LedgerReads } from '../beads/types.ts';

/** What an agent has on its name (spec 11): work it holds, and work it has handed in. */
export interface AgentWork {
  /** hooked first, then in_progress; without a live merge request. */
  readonly held: readonly Bead[];
  readonly submitted: readonly SubmittedBead[];
}

export interface SubmittedBead {
  readonly bead: Bead;
  readonly mr: MergeRequest;
}

export const NO_WORK: AgentWork = { held: [], submitted: [] };

/**
 * Merge requests are always read before the beads at work, or with them: landing closes both in one transaction, so
 * the other order can meet a bead that is still open with its merge request already gone, and call it held.
 */
const AT_WORK = ['hooked', 'in_progress'] as const;

/**
 * Work of one agent in one database. Rows name it in any of its written forms.
 * @param requests the open merge requests, when the caller has just read them
 */
export async function readAgentWork(
  reads: LedgerReads,
  agent: AgentAddress,
  requests?: readonly MergeRequest[],
): Promise<AgentWork> {
  const open = requests ?? (await openMergeRequests(reads));
  return split(await reads.list({ assignee: addressForms(agent), status: AT_WORK }), open);
}

/** What `workByAgent` takes, in its order. */
export const ALL_WORK: readonly BeadFilter[] = [OPEN_REQUESTS, { status: AT_WORK }];

/** Work of every agent in one database, by assignee id: two queries however many agents there are. */
export async function readAllWork(reads: LedgerReads): Promise<ReadonlyMap<string, AgentWork>> {
  const [requests = [], beads = []] = await reads.lists(ALL_WORK);
  return workByAgent(requests, beads);
}

/** @param requests open merge requests @param beads all that is at work */
export function workByAgent(
  requests: readonly Bead[],
  beads: readonly Bead[],
): ReadonlyMap<string, AgentWork> {
  const parsed = requests.map(parseMergeRequest);
  const byAgent = Map.groupBy(
    beads.filter((bead) => bead.assignee !== ''),
    (bead) => canonicalAssignee(bead.assignee),
  );
  return new Map([...byAgent].map(([agent, own]) => [agent, split(own, parsed)]));
}

function split(beads: readonly Bead[], requests: readonly MergeRequest[]): AgentWork {
  const live = new Map(requests.filter(isLive).map((mr) => [String(mr.sourceIssue), mr]));
  const rank = (bead: Bead): number => (bead.status === 'hooked' ? 0 : 1);
  const held = beads.filter((bead) => isWork(bead) && !live.has(bead.id));
  return {
    held: held.sort((left, right) => rank(left) - rank(right)),
    submitted: beads.flatMap((bead) => {
      const mr = live.get(bead.id);
      return mr === undefined ? [] : [{ bead, mr }];
    }),
  };
}

/** Merge requests, queue rows and identities are assigned too; they are nobody's work. */
function isWork(bead: Bead): boolean {
  return !['agent', 'rig', 'role', 'merge-request', 'message'].includes(bead.type);
}

/** The one form of an assignee as written; texts that name no agent stay as they are. */
export function canonicalAssignee(text: string): string {
  try {
    return formatAddress(parseAddress(text));
  } catch (error) {
    if (error instanceof UsageError) return text;
    throw error;
  }
}
