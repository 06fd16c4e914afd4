import { BugError } from '../../core/errors.ts';
import { formatAddress } from '../../core/address.ts';
import type { BeadId, RigName, Sha, WorkerName } from '../../core/names.ts';
import { parseMrFields, writeMrFields, type MrFields, type MrPhase } from './merge-request-fields.ts';
import { closeSlingContexts } from './sling-context.ts';
import type { Bead, BeadFilter, LedgerReads, LedgerTx } from '../types.ts';

export type { MrEvidence, MrPhase } from './merge-request-fields.ts';

export const MR_LABEL = 'gt:merge-request';
/** Merge requests of convoys that land by themselves: never the queue's business. */
export const OWNED_DIRECT_LABEL = 'gt:owned-direct';

/** One merge request: its bead and the parsed lines of the description. `phase` is always known. */
export interface MergeRequest extends MrFields {
  readonly bead: Bead;
  readonly id: BeadId;
  readonly phase: MrPhase;
  readonly retryCount: number;
}

export function parseMergeRequest(bead: Bead): MergeRequest {
  const fields = parseMrFields(bead.description);
  return {
    ...fields,
    bead,
    id: bead.id,
    phase: fields.phase ?? phaseWithoutLine(bead, fields),
    retryCount: fields.retryCount ?? 0,
  };
}

/** Rows of the Go gt have no phase line; a claim by its agent is not ours, so open means queued. */
function phaseWithoutLine(bead: Bead, fields: MrFields): MrPhase {
  if (bead.status !== 'closed') return 'queued';
  const closings: readonly MrPhase[] = ['rejected', 'superseded', 'conflict'];
  return closings.find((phase) => phase === fields.closeReason) ?? 'done';
}

export function isMergeRequest(bead: Bead): boolean {
  return bead.labels.includes(MR_LABEL);
}

/** Live = open and not sent back (spec 11): while there is one, its issue counts as submitted. */
export function isLive(mr: MergeRequest): boolean {
  return mr.bead.status !== 'closed' && mr.phase !== 'evicted';
}

export const OPEN_REQUESTS: BeadFilter = { labels: [MR_LABEL], notStatus: ['closed'], order: 'id' };

/** All open merge requests of the database, of one rig when named (an empty rig line matches), in id order. */
export async function openMergeRequests(reads: LedgerReads, rig?: string): Promise<readonly MergeRequest[]> {
  const beads = await reads.list(OPEN_REQUESTS);
  return beads.map(parseMergeRequest).filter((mr) => isOfRig(mr, rig));
}

/** Rows of several rigs may share a server: another rig's branches must never be tried here. */
export function isOfRig(mr: MergeRequest, rig: string | undefined): boolean {
  return rig === undefined || mr.rig === undefined || mr.rig.toLowerCase() === rig.toLowerCase();
}

/** The live merge request of an issue, the oldest when a foreign writer left several. */
export async function liveMergeRequestOf(
  reads: LedgerReads,
  issueId: string,
): Promise<MergeRequest | undefined> {
  return (await openMergeRequests(reads)).find((mr) => mr.sourceIssue === issueId && isLive(mr));
}

/** The open merge request of a branch, live or sent back. */
export async function mergeRequestOfBranch(
  reads: LedgerReads,
  branch: string,
  rig?: string,
): Promise<MergeRequest | undefined> {
  return (await openMergeRequests(reads, rig)).find((mr) => mr.branch === branch);
}

export interface Submission {
  readonly rig: RigName;
  readonly branch: string;
  readonly target: string;
  /** Head of the branch, read back from the remote before this is called. */
  readonly commit: Sha;
  readonly sourceIssue?: BeadId | undefined;
  readonly worker?: WorkerName | undefined;
  readonly agentBead?: string | undefined;
  /** 0 … 4; default 2. */
  readonly priority?: number | undefined;
  readonly convoyId?: string | undefined;
  readonly convoyCreatedAt?: string | undefined;
  /** The worker says that it ran the gates: 'true', when, on which base. A hint, never proof. */
  readonly preVerified?: string;
  readonly preVerifiedAt?: string;
  readonly preVerifiedBase?: string;
  /** Default: the label `group:<name>` of the source issue. */
  readonly group?: string | undefined;
}

export const GROUP_LABEL = 'group:';

export interface SubmitOutcome {
  /** `unchanged`: this branch and head are already there, in whatever phase `mr` says. */
  readonly kind: 'created' | 'repinned' | 'unchanged';
  readonly mr: MergeRequest;
  /** Merge requests of the same issue on other branches, closed by this one. */
  readonly superseded: readonly BeadId[];
}

/**
 * Puts a pushed branch into the queue: a new merge request, or the branch's open one pinned to the new head
 * (its id never changes). Open ones of the same issue on other branches are closed as superseded.
 */
export async function submitMergeRequest(tx: LedgerTx, submission: Submission): Promise<SubmitOutcome> {
  const open = await openMergeRequests(tx, submission.rig);
  const known = open.find((mr) => mr.branch === submission.branch);
  const grouped = { ...submission, group: submission.group ?? (await groupOf(tx, submission.sourceIssue)) };
  const stored = known === undefined ? await insert(tx, grouped) : await repin(tx, known, grouped);
  const superseded = await supersedeOthers(tx, open, stored.mr);
  return { ...stored, superseded };
}

async function groupOf(tx: LedgerTx, issue: BeadId | undefined): Promise<string | undefined> {
  const labels = issue === undefined ? [] : ((await tx.get(issue))?.labels ?? []);
  return labels.find((label) => label.startsWith(GROUP_LABEL))?.slice(GROUP_LABEL.length);
}

async function insert(tx: LedgerTx, submission: Submission): Promise<Omit<SubmitOutcome, 'superseded'>> {
  const { priority, ...fields } = submission;
  const bead = await tx.create({
    title: `Merge: ${submission.sourceIssue ?? submission.branch}`,
    description: writeMrFields('', { ...fields, phase: 'queued' }),
    type: 'merge-request',
    priority: priority ?? 2,
    labels: [MR_LABEL],
    noInheritLabels: true,
    keep: 'no-history',
  });
  return { kind: 'created', mr: parseMergeRequest(bead) };
}

async function repin(
  tx: LedgerTx,
  known: MergeRequest,
  submission: Submission,
): Promise<Omit<SubmitOutcome, 'superseded'>> {
  if (known.commit === submission.commit) return { kind: 'unchanged', mr: known };
  await dropConflictTask(tx, known, `${known.id} has a new head`);
  const mr = await updateMergeRequest(tx, known, {
    fields: {
      commit: submission.commit,
      target: submission.target,
      retryCount: known.retryCount + 1,
      worker: submission.worker ?? known.worker,
      agentBead: submission.agentBead ?? known.agentBead,
      conflictTaskId: undefined,
      group: submission.group ?? known.group,
      preVerified: submission.preVerified,
      preVerifiedAt: submission.preVerifiedAt,
      preVerifiedBase: submission.preVerifiedBase,
      phase: 'queued',
    },
    status: 'open',
    assignee: '',
  });
  return { kind: 'repinned', mr };
}

async function supersedeOthers(
  tx: LedgerTx,
  open: readonly MergeRequest[],
  winner: MergeRequest,
): Promise<readonly BeadId[]> {
  const others = open.filter(
    (mr) => winner.sourceIssue !== undefined && mr.sourceIssue === winner.sourceIssue && mr.id !== winner.id,
  );
  for (const other of others) {
    await closeMergeRequest(tx, other, { phase: 'superseded', reason: `superseded by ${winner.id}` });
  }
  return others.map((mr) => mr.id);
}

export interface MrChange {
  readonly fields: Partial<MrFields>;
  readonly status?: 'open' | 'in_progress';
  readonly assignee?: string;
}

/** Rewrites lines (and status, assignee) of a merge request from its row as it is now, inside the caller's transaction. */
export async function updateMergeRequest(
  tx: LedgerTx,
  mr: Pick<MergeRequest, 'id'>,
  change: MrChange,
): Promise<MergeRequest> {
  const bead = await tx.get(mr.id);
  if (bead === undefined) {
    throw new BugError({ code: 'bug.mr-gone', message: `merge request ${mr.id}: its row is gone` });
  }
  const { fields, ...columns } = change;
  const updated = await tx.update(mr.id, {
    ...columns,
    description: writeMrFields(bead.description, fields),
  });
  return parseMergeRequest(updated);
}

/** Closes a merge request for good; closed ones are immutable, so an already closed one is left as it is. */
export async function closeMergeRequest(
  tx: LedgerTx,
  mr: Pick<MergeRequest, 'id'>,
  outcome: {
    readonly phase: 'done' | 'rejected' | 'superseded' | 'conflict';
    readonly reason: string;
    readonly mergeCommit?: Sha;
  },
): Promise<void> {
  const bead = await tx.get(mr.id);
  if (bead === undefined || bead.status === 'closed') return;
  await dropConflictTask(tx, parseMergeRequest(bead), `${mr.id} is closed: ${outcome.phase}`);
  const closeReason = outcome.phase === 'done' ? 'merged' : outcome.phase;
  await updateMergeRequest(tx, mr, {
    fields: { closeReason, mergeCommit: outcome.mergeCommit, phase: outcome.phase },
  });
  await tx.close(mr.id, { reason: outcome.reason, force: true });
}

/**
 * The merge request no longer waits for its conflict task. A task that nobody has begun is closed with its queue
 * row; one in work is left to its worker.
 */
export async function dropConflictTask(
  tx: LedgerTx,
  mr: Pick<MergeRequest, 'id' | 'conflictTaskId'>,
  reason: string,
): Promise<void> {
  const task = mr.conflictTaskId === undefined ? undefined : await tx.get(mr.conflictTaskId);
  if (task === undefined) return;
  await tx.removeEdge(mr.id, task.id);
  if (task.status !== 'open' || task.assignee !== '') return;
  await closeSlingContexts(tx, task.id, reason);
  await tx.close(task.id, { reason, force: true });
}

/** The assignee of a merge request the engine has taken into its chain. */
export function claimOf(rig: RigName): string {
  return formatAddress({ role: 'refinery', rig });
}
