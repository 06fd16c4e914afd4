import { helpKey, readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { AgentPatch } from '../../beads/forms/agent-row.ts';
import { raiseAlert } from '../../beads/forms/alert.ts';
import { writeAttachment } from '../../beads/forms/attachment.ts';
import { closeMergeRequest, submitMergeRequest } from '../../beads/forms/merge-request.ts';
import type { SubmitOutcome } from '../../beads/forms/merge-request.ts';
import { formatVars } from '../../beads/forms/sling-context.ts';
import { DISPATCH_KEY, dispatchOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { squashAttached } from '../../formulas/molecule/attach.ts';
import { RefusedError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { NOTHING_TO_REPAIR, readConflictTask } from './conflict-task.ts';
import type { DoneSubject } from './facts.ts';
import type { ExitStep } from './plan.ts';
import { DONE_KEY, isDoneLabel } from './request.ts';
import type { DoneRequest } from './request.ts';

/** `metadata` of a closed bead whose branch is to become a pull request: {branch, target, head}. */
const PULL_REQUEST_KEY = 'pull_request';

/** How a done ended: what became of the bead. */
export type DoneExit =
  | { readonly kind: 'submitted'; readonly outcome: SubmitOutcome }
  | { readonly kind: 'repinned'; readonly outcome: SubmitOutcome }
  | { readonly kind: 'closed'; readonly reason: string }
  /** The target holds it: read back from the remote. */
  | { readonly kind: 'landed'; readonly target: string }
  /** A person is asked for by an open alert. */
  | { readonly kind: 'escalated'; readonly alert: string; readonly reason: string }
  | { readonly kind: 'deferred' };

export interface ExitFacts {
  readonly subject: DoneSubject;
  readonly request: DoneRequest;
  readonly branch: string;
  readonly target: string;
  readonly head: Sha;
  readonly base: Sha;
  /** The branch holds the work so far: the next try goes on from it. */
  readonly isSaved: boolean;
  /** Commands that read back what could not be committed. */
  readonly kept: readonly string[];
  /** RFC 3339. */
  readonly at: string;
}

/** G4, the one transaction of a done: bead, merge request and agent row together. RefusedError `done.not-yours`. */
export async function writeExit(tx: LedgerTx, step: ExitStep, facts: ExitFacts): Promise<DoneExit> {
  const bead = await checkStillOurs(tx, facts);
  if (step.do !== 'escalate') await squashAttached(tx, bead);
  switch (step.do) {
    case 'submit':
      return submit(tx, bead, facts);
    case 'repin':
      return repin(tx, bead, facts);
    case 'close':
      return close(tx, bead, { facts, reason: step.reason });
    case 'close-unmerged':
      return closeUnmerged(tx, bead, facts);
    case 'close-landed':
      return land(tx, bead, facts);
    case 'escalate':
      return escalate(tx, bead, { facts, reason: step.reason });
    case 'defer':
      return defer(tx, bead, { facts, reason: step.reason });
  }
}

/** Between the look and this transaction somebody may have taken the bead, or started a newer session. */
async function checkStillOurs(tx: LedgerTx, { subject }: ExitFacts): Promise<Bead> {
  const { bead, row, rig } = subject;
  const now = await tx.get(bead.id);
  const held = now !== undefined && (now.status === 'hooked' || now.status === 'in_progress');
  const newest = await readAgentRow(tx, row.address, rig.prefix);
  if (
    held &&
    now.assignee === bead.assignee &&
    dispatchOf(now) === dispatchOf(bead) &&
    newest?.spawn === row.spawn
  ) {
    return now;
  }
  throw new RefusedError({
    code: 'done.not-yours',
    message: `${bead.id} was taken from ${formatAddress(row.address)} meanwhile`,
    hint: 'Stop here: run gt hook to see what you hold',
  });
}

async function submit(tx: LedgerTx, bead: Bead, facts: ExitFacts): Promise<DoneExit> {
  const { subject, request, branch, target, head, base, at } = facts;
  const { rig, worker, row, terms, convoyCreatedAt } = subject;
  // A runtime without hooks never ran prime; handed in counts as begun.
  if (bead.status === 'hooked') await tx.update(bead.id, { status: 'in_progress' });
  const outcome = await submitMergeRequest(tx, {
    rig: rig.name,
    branch,
    target,
    commit: head,
    sourceIssue: bead.id,
    worker,
    agentBead: row.bead.id,
    priority: request.priority ?? bead.priority,
    convoyId: terms.convoy,
    convoyCreatedAt,
    ...(request.preVerified === true
      ? { preVerified: 'true', preVerifiedAt: at, preVerifiedBase: base }
      : {}),
  });
  await noteMergeRequest(tx, bead, outcome);
  await noteReason(tx, bead, request);
  await endRow(tx, facts, { agentState: 'done', hookBead: null, activeMr: outcome.mr.id });
  return { kind: 'submitted', outcome };
}

async function noteMergeRequest(tx: LedgerTx, bead: Bead, { kind, mr }: SubmitOutcome): Promise<void> {
  if (kind === 'created') await tx.comment(bead.id, `MR created: ${mr.id}`);
  if (kind === 'repinned') await tx.comment(bead.id, `MR ${mr.id} updated to ${mr.commit ?? 'a new head'}`);
}

/** What a worker says of work that it hands in is for whoever reads the bead. */
async function noteReason(tx: LedgerTx, bead: Bead, { reason = '' }: DoneRequest): Promise<void> {
  if (reason.trim() !== '') await tx.comment(bead.id, `Handed in by ${bead.assignee}: ${reason}`);
}

/** The branch belongs to another bead's merge request: that one goes back into the queue, the task is done. */
async function repin(tx: LedgerTx, bead: Bead, facts: ExitFacts): Promise<DoneExit> {
  const { subject, branch, target, head } = facts;
  const { rig, worker, row } = subject;
  const task = await readConflictTask(tx, bead);
  if (task?.mr === undefined) return close(tx, bead, { facts, reason: NOTHING_TO_REPAIR });
  const outcome = await submitMergeRequest(tx, {
    rig: rig.name,
    branch,
    target,
    commit: head,
    sourceIssue: task.mr.sourceIssue,
    worker,
    agentBead: row.bead.id,
  });
  await tx.close(bead.id, { reason: `Branch repaired: ${outcome.mr.id} is queued again`, force: true });
  await endRow(tx, facts, { agentState: 'done', hookBead: null, activeMr: outcome.mr.id });
  return { kind: 'repinned', outcome };
}

interface Reasoned {
  readonly facts: ExitFacts;
  readonly reason: string;
}

async function close(tx: LedgerTx, bead: Bead, { facts, reason }: Reasoned): Promise<DoneExit> {
  // Open steps or blockers must not hold work that is over.
  await tx.close(bead.id, { reason, force: true });
  await dropEvicted(tx, facts, `${bead.id} is closed`);
  await endRow(tx, facts, { agentState: 'done', hookBead: null, activeMr: null });
  return { kind: 'closed', reason };
}

/** A rig that lands by pull request learns from the bead which one to open: nothing else asks for it. */
async function closeUnmerged(tx: LedgerTx, bead: Bead, facts: ExitFacts): Promise<DoneExit> {
  const { subject, request, branch, target, head } = facts;
  await noteReason(tx, bead, request);
  const isPullRequest =
    subject.terms.noMerge && subject.settings.get('merge_queue.merge_strategy') === 'pr' && facts.isSaved;
  if (isPullRequest) await tx.update(bead.id, { metadata: { [PULL_REQUEST_KEY]: { branch, target, head } } });
  return close(tx, bead, { facts, reason: `no-merge: ${branch}@${head}` });
}

async function land(tx: LedgerTx, bead: Bead, facts: ExitFacts): Promise<DoneExit> {
  const { request, target, head } = facts;
  await noteReason(tx, bead, request);
  await close(tx, bead, { facts, reason: `Merged in ${head.slice(0, 12)}: pushed to ${target}` });
  return { kind: 'landed', target };
}

/** A merge request that was sent back waits for a new head; with the bead closed there will be none. */
async function dropEvicted(tx: LedgerTx, { subject }: ExitFacts, reason: string): Promise<void> {
  if (subject.evicted !== undefined)
    await closeMergeRequest(tx, subject.evicted, { phase: 'superseded', reason });
}

async function escalate(tx: LedgerTx, bead: Bead, { facts, reason }: Reasoned): Promise<DoneExit> {
  if (bead.status === 'hooked') await tx.update(bead.id, { status: 'in_progress' });
  const said = [`Escalated by ${bead.assignee}: ${reason}`, ...facts.kept].join('\n');
  await tx.comment(bead.id, said);
  await endRow(tx, facts, { agentState: 'stuck' });
  const alert = await askForHelp(tx, bead, { facts, reason });
  // The alert of an earlier call keeps its title: what is new stands below it.
  if (Number(alert.metadata['alert_count']) > 1) await tx.comment(alert.id, said);
  return { kind: 'escalated', alert: alert.id, reason };
}

function askForHelp(tx: LedgerTx, bead: Bead, { facts, reason }: Reasoned): Promise<Bead> {
  const { subject, kept, at } = facts;
  const who = formatAddress(subject.row.address);
  return raiseAlert(tx, {
    key: helpKey(who),
    title: `${who} needs help with ${bead.id}: ${reason}`,
    text: [
      `'${bead.title}' stays on its hook and its session waits.`,
      `Answer it: gt nudge ${who} "<answer>", or give the work to another: gt unsling ${bead.id} --force`,
      ...kept,
    ].join('\n'),
    priority: 1,
    kind: 'escalation',
    lines: {
      severity: 'high',
      reason,
      source: 'gt done',
      escalated_by: who,
      escalated_at: at,
      related_bead: bead.id,
    },
  });
}

async function defer(tx: LedgerTx, bead: Bead, { facts, reason }: Reasoned): Promise<DoneExit> {
  const { subject, branch, isSaved, kept } = facts;
  const vars = formatVars({ ...subject.terms.vars, ...(isSaved ? { prior_branch: branch } : {}) });
  await tx.update(bead.id, {
    status: 'open',
    assignee: '',
    description: writeAttachment(bead.description, { attachedVars: vars === '' ? null : vars.split('\n') }),
    metadata: { [DISPATCH_KEY]: null },
  });
  await tx.comment(bead.id, [`Deferred by ${bead.assignee}: ${reason}`, ...kept].join('\n'));
  await endRow(tx, facts, { agentState: 'done', hookBead: null, activeMr: null });
  return { kind: 'deferred' };
}

async function endRow(tx: LedgerTx, { subject, request, at }: ExitFacts, patch: AgentPatch): Promise<void> {
  const { row, rig } = subject;
  await writeAgentRow(tx, row.address, rig.prefix, {
    exitType: request.status,
    completionTime: at,
    ...(request.cleanupStatus === undefined ? {} : { cleanupStatus: cleanupWord(request.cleanupStatus) }),
    removeLabels: isDoneLabel,
    metadata: { [DONE_KEY]: null },
    ...patch,
  });
}

/** The flag's words are shorter than the row's. */
function cleanupWord(flag: string): string {
  return ['uncommitted', 'unpushed', 'stash'].includes(flag) ? `has_${flag}` : flag;
}
