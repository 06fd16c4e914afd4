import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { addAttempt } from '../town/attempts.ts';
import { emitEvent } from '../town/events.ts';
import { wakeDaemon } from '../town/wake.ts';
import type { Engine } from './engine.ts';
import type { Notice } from './lane.ts';

/** What the feed says of a merge request that did not land. */
export function noticeOf(
  mr: MergeRequest,
  { type, reason }: { readonly type: Notice['type']; readonly reason: string },
): Notice {
  const { id, branch, worker = '', sourceIssue: issue = '' } = mr;
  return { type, mr: id, worker, branch, issue, reason };
}

/**
 * Tells what a transaction decided, and counts the attempt of what it sent back: neither events nor attempts are in
 * the ledger, so the transaction leaves both on the lane. After a kill it is told once more, and counted once.
 */
export async function sendNotices({ ctx, lane }: Engine): Promise<void> {
  const { notices } = lane.record;
  if (notices.length === 0) return;
  for (const { type, attempt, ...payload } of notices) {
    if (attempt !== undefined && payload.issue !== '') await addAttempt(ctx, payload.issue, attempt);
    await emitEvent(ctx, { type, payload });
  }
  await lane.save({ notices: [] });
  await wakeDaemon(ctx, 'queue');
}
