import { formatAddress } from '../core/address.ts';
import { UsageError } from '../core/errors.ts';
import { raiseAlert } from '../beads/forms/alert.ts';
import { MR_LABEL, isOfRig, parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { keepReview, listReviews } from '../beads/forms/review.ts';
import type { KeptReview, Verdict } from '../beads/forms/review.ts';
import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { emitEvent } from '../town/events.ts';
import { readRigSettings } from '../rig/settings.ts';
import { findMergeRequest } from './find-request.ts';

/** Below it a person should look (spec 04 A5). */
const BREACH = 0.45;
/** What is older was handed in before anybody could be asked. */
const RECENT_MS = 24 * 60 * 60_000;

export interface ReviewRequest {
  /** As `findMergeRequest` takes it. */
  readonly mr: string;
  readonly score: number | undefined;
  readonly verdict: Verdict | undefined;
  readonly text: string;
}

/**
 * Keeps what somebody found about a change, and tells its issue. A score below 0.45 opens an alert for a person. It
 * never decides what lands. NotFoundError `mq.not-found`, UsageError `mq.ambiguous`, `mq.bad-review`.
 */
export async function recordReview(
  ctx: TownContext,
  rig: Rig,
  { score, verdict, text, ...named }: ReviewRequest,
): Promise<MergeRequest> {
  refuseBad({ score, text });
  const ledger = await ctx.ledgers.open(rig.database);
  const by = formatAddress(ctx.actor);
  const reviewed = await ledger.transaction(by, async (tx) => {
    const mr = await findMergeRequest(tx, rig, named.mr);
    const { id, commit: head, worker, sourceIssue } = mr;
    await keepReview(tx, { mr: id, head, score, verdict, text }, { rig: rig.name, worker, by });
    const words = [score === undefined ? 'explained' : `score ${score}`, verdict ?? []].flat();
    if (sourceIssue !== undefined && (await tx.get(sourceIssue)) !== undefined)
      await tx.comment(sourceIssue, `Review of ${id} (${words.join(', ')}): ${text}`);
    if (score !== undefined && score < BREACH) {
      await raiseAlert(tx, {
        key: `mq-review ${id} ${head ?? ''}`,
        title: `${rig.name}: ${id} was judged ${score} of 1`,
        text: `${by}: ${text}\n\nNothing is held back by it. Look: gt mq explain ${id}`,
        priority: 2,
        kind: 'escalation',
      });
    }
    return mr;
  });
  const payload = { rig: rig.name, mr: reviewed.id, score: score ?? null, verdict: verdict ?? '' };
  await emitEvent(ctx, { type: 'merge_reviewed', payload });
  return reviewed;
}

function refuseBad({ score, text }: Pick<ReviewRequest, 'score' | 'text'>): void {
  const isScore = score === undefined || (score >= 0 && score <= 1);
  if (isScore && text.trim() !== '') return;
  throw new UsageError({
    code: 'mq.bad-review',
    message: isScore ? 'a review needs words' : `a score is from 0 to 1, not ${score}`,
    hint: 'Run: gt mq review <mr> --score 0.8 --message "<what you found>"',
  });
}

/** A change that nobody has looked at as it is now. */
export interface PendingReview {
  readonly mr: MergeRequest;
  /** `explain`: it is held back, and why is the question. */
  readonly what: 'judge' | 'explain';
}

const HELD_BACK: readonly MergeRequest['phase'][] = ['evicted', 'blocked', 'missing'];
const GIVEN_UP: readonly MergeRequest['phase'][] = ['rejected', 'superseded'];

/** Of the last day, oldest first; landed ones too: landing waits for no review. Two queries. */
export async function pendingReviews(ctx: TownContext, rig: Rig): Promise<readonly PendingReview[]> {
  const ledger = await ctx.ledgers.open(rig.database);
  const since = new Date(ctx.ports.clock.now() - RECENT_MS).toISOString();
  const [beads, reviews] = await Promise.all([
    ledger.list({ labels: [MR_LABEL], updatedAfter: since, order: 'id' }),
    listReviews(ledger, { since }),
  ]);
  const requests = beads.map(parseMergeRequest).filter((mr) => isOfRig(mr, rig.name));
  return requests
    .filter((mr) => !GIVEN_UP.includes(mr.phase) && !reviews.some((review) => isOfState(review, mr)))
    .sort((a, b) => (a.bead.createdAt < b.bead.createdAt ? -1 : 1))
    .map((mr) => ({ mr, what: HELD_BACK.includes(mr.phase) ? 'explain' : 'judge' }));
}

/** A failure that came after the look is not explained by it. */
function isOfState(review: KeptReview, mr: MergeRequest): boolean {
  if (review.mr !== mr.id || review.head !== mr.commit) return false;
  return !HELD_BACK.includes(mr.phase) || review.at >= (mr.evidence?.at ?? '');
}

/** Whether an agent is to judge what is handed in, and how closely. */
export async function readJudgment(
  ctx: TownContext,
  rig: Rig,
): Promise<{ readonly enabled: boolean; readonly depth: 'quick' | 'standard' | 'deep' }> {
  const settings = await readRigSettings(ctx, rig);
  return {
    enabled: settings.get('merge_queue.judgment_enabled'),
    depth: settings.get('merge_queue.review_depth'),
  };
}

/** Prints the change of a merge request, in the rig's own repository. */
export function diffCommand(rig: Rig, mr: MergeRequest): string {
  const git = `git -C ${rig.paths.bare}`;
  if (mr.mergeCommit !== undefined) return `${git} show ${mr.mergeCommit}`;
  return `${git} diff origin/${mr.target ?? rig.defaultBranch}...${mr.commit ?? `origin/${mr.branch}`}`;
}
