import {
  closeMergeRequest,
  dropConflictTask,
  isLive,
  updateMergeRequest,
} from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import { closeSlingContexts } from '../beads/forms/sling-context.ts';
import type { LedgerTx } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { RefusedError } from '../core/errors.ts';
import type { Rig } from '../rig/registry.ts';
import { emitEvent } from '../town/events.ts';
import { wakeDaemon } from '../town/wake.ts';
import { workerOf } from './close-landed.ts';
import { findMergeRequest } from './find-request.ts';

/** Sent back, blocked or missing: only these can be retried. */
const RETRYABLE: readonly MergeRequest['phase'][] = ['evicted', 'blocked', 'missing'];

/**
 * Puts a merge request back into the queue with the head it has, evidence cleared. Its bead counts as submitted
 * again and leaves the dispatch queue. RefusedError `mq.not-failed` for one that has not failed.
 */
export async function retryMergeRequest(ctx: TownContext, rig: Rig, id: string): Promise<MergeRequest> {
  const ledger = await ctx.ledgers.open(rig.database);
  const retried = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const mr = await findMergeRequest(tx, rig, id);
    if (mr.bead.status === 'closed' || !RETRYABLE.includes(mr.phase)) throw notFailed(mr);
    await resubmitBead(tx, rig, mr);
    await dropConflictTask(tx, mr, `${mr.id} was retried as it is`);
    return updateMergeRequest(tx, mr, {
      fields: { phase: 'queued', evidence: undefined, conflictTaskId: undefined },
      status: 'open',
      assignee: '',
    });
  });
  await wakeDaemon(ctx, 'queue');
  return retried;
}

/** Nobody else may have it: then the retry would land work that is being redone. */
async function resubmitBead(tx: LedgerTx, rig: Rig, mr: MergeRequest): Promise<void> {
  const issue = mr.sourceIssue === undefined ? undefined : await tx.get(mr.sourceIssue);
  const worker = workerOf(mr, rig.name);
  if (issue === undefined || issue.status === 'closed' || worker === undefined) return;
  const assignee = formatAddress(worker);
  if (issue.status === 'in_progress' && issue.assignee === assignee) return;
  if (issue.assignee !== '') {
    throw new RefusedError({
      code: 'mq.in-work',
      message: `${issue.id} is on ${issue.assignee}: its new head will requeue ${mr.id}`,
      hint: `Run: gt unsling ${issue.id} first, to retry the old head`,
    });
  }
  await closeSlingContexts(tx, issue.id, 'merge request retried');
  await tx.update(issue.id, { status: 'in_progress', assignee });
}

function notFailed(mr: MergeRequest): RefusedError {
  return new RefusedError({
    code: 'mq.not-failed',
    message: `${mr.id} has not failed: it is ${mr.phase}`,
    hint: `Run: gt mq status ${mr.id}`,
  });
}

/**
 * Takes a merge request out of the queue for good. Its bead is never closed by this: it goes back to open, or is
 * reopened when it was closed. RefusedError `mq.landing` while it is being pushed.
 */
export async function rejectMergeRequest(
  ctx: TownContext,
  rig: Rig,
  rejection: { readonly id: string; readonly reason: string },
): Promise<MergeRequest> {
  const ledger = await ctx.ledgers.open(rig.database);
  const rejected = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const mr = await findMergeRequest(tx, rig, rejection.id);
    if (mr.bead.status === 'closed') throw alreadyClosed(mr);
    if (mr.phase === 'landing') throw isLanding(mr);
    await closeMergeRequest(tx, mr, { phase: 'rejected', reason: `rejected: ${rejection.reason}` });
    await releaseBead(tx, mr, rejection.reason);
    return mr;
  });
  const payload = {
    mr: rejected.id,
    worker: rejected.worker ?? '',
    branch: rejected.branch,
    reason: rejection.reason,
  };
  await emitEvent(ctx, { type: 'merge_failed', payload });
  await wakeDaemon(ctx, 'queue');
  return rejected;
}

async function releaseBead(tx: LedgerTx, mr: MergeRequest, reason: string): Promise<void> {
  const issue = mr.sourceIssue === undefined ? undefined : await tx.get(mr.sourceIssue);
  if (issue === undefined) return;
  await tx.comment(issue.id, `${mr.id} was rejected: ${reason}`);
  // Sent back before, it may be in work again.
  if (!isLive(mr)) return;
  if (issue.status === 'closed') await tx.reopen(issue.id, `${mr.id} was rejected`);
  await tx.update(issue.id, { status: 'open', assignee: '' });
}

function alreadyClosed(mr: MergeRequest): RefusedError {
  return new RefusedError({ code: 'mq.closed', message: `${mr.id} is closed already: ${mr.phase}` });
}

function isLanding(mr: MergeRequest): RefusedError {
  return new RefusedError({
    code: 'mq.landing',
    message: `${mr.id} is being pushed right now`,
    hint: `Run: gt mq status ${mr.id}`,
  });
}
