import { closeMergeRequest, parseMergeRequest, updateMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { readAgentRow, writeAgentRow } from '../beads/forms/agent-row.ts';
import type { LedgerTx } from '../beads/types.ts';
import { parseWorkerName } from '../core/names.ts';
import type { BeadId, RigName, Sha } from '../core/names.ts';
import type { AgentAddress } from '../core/address.ts';
import type { Rig } from '../rig/registry.ts';
import type { Engine } from './engine.ts';
import type { LandingEntry } from './lane.ts';

/** A merge request whose pinned head is on the target. */
export interface Landing {
  readonly mr: BeadId;
  readonly head: Sha;
  /** The commit of the target that holds it. */
  readonly commit: Sha;
}

/**
 * Closes one landed merge request with everything that hangs on it, inside the transaction that records the
 * landing: the source issue, its dependents' readiness (by the ledger) and the worker's `active_mr`. Done twice
 * it changes nothing. A merge request that got a new head meanwhile stays in the queue with that head.
 */
export async function closeLanded(tx: LedgerTx, rig: Rig, landing: Landing): Promise<void> {
  const bead = await tx.get(landing.mr);
  if (bead === undefined || bead.status === 'closed') return;
  const mr = parseMergeRequest(bead);
  if (mr.commit !== undefined && mr.commit !== landing.head) {
    await tx.comment(mr.id, `${landing.head} landed as ${landing.commit}; the newer head is still queued`);
    await updateMergeRequest(tx, mr, { fields: { phase: 'queued' }, status: 'open', assignee: '' });
    return;
  }
  await closeMergeRequest(tx, mr, {
    phase: 'done',
    reason: `merged as ${landing.commit}`,
    mergeCommit: landing.commit,
  });
  await closeSource(tx, mr);
  await clearActiveMr(tx, rig, mr);
}

/** Open steps of a molecule must not keep landed work open, so the close is forced. */
async function closeSource(tx: LedgerTx, mr: MergeRequest): Promise<void> {
  if (mr.sourceIssue === undefined) return;
  const issue = await tx.get(mr.sourceIssue);
  if (issue === undefined || issue.status === 'closed') return;
  await tx.close(issue.id, { reason: `Merged in ${mr.id}`, force: true });
}

/**
 * A source issue of another database is closed before its merge request: the merge request is what a killed
 * engine finds again.
 */
export async function closeForeignSource(engine: Engine, mr: MergeRequest): Promise<void> {
  const { ctx, rig, ledger } = engine;
  if (mr.sourceIssue === undefined || mr.sourceIssue.startsWith(`${rig.prefix}-`)) return;
  const home = await ctx.ledgers.of(mr.sourceIssue);
  if (home.database === ledger.database) return;
  await home.transaction(claimText(engine), (tx) => closeSource(tx, mr));
}

function claimText({ rig }: Engine): string {
  return `${rig.name}/refinery`;
}

async function clearActiveMr(tx: LedgerTx, rig: Rig, mr: MergeRequest): Promise<void> {
  const address = workerOf(mr, rig.name);
  if (address === undefined) return;
  const row = await readAgentRow(tx, address, rig.prefix);
  // A row in another database keeps its obsolete copy: it is written for the Go gt and never trusted.
  if (row?.activeMr === mr.id) await writeAgentRow(tx, address, rig.prefix, { activeMr: null });
}

/** The polecat that submitted the merge request; undefined for work of people and crew. */
export function workerOf(mr: MergeRequest, rig: RigName): AgentAddress | undefined {
  const name = mr.worker ?? /^polecat\/([a-z0-9_]+)\//.exec(mr.branch)?.[1];
  if (name === undefined || !/^(?:[a-z][a-z0-9_]{0,31}|[0-9]+)$/.test(name)) return undefined;
  return { role: 'polecat', rig, name: parseWorkerName(name) };
}

/** What is left to do for a landed merge request once the ledger says so (H8-H10). */
export function landingEntry(mr: MergeRequest, landing: Landing): LandingEntry {
  return {
    mr: landing.mr,
    issue: mr.sourceIssue,
    branch: mr.branch,
    head: landing.head,
    commit: landing.commit,
    worker: mr.worker,
    told: false,
  };
}
