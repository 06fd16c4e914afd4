import type { PullRequest } from '../../ports/forge.ts';
import type { Sha } from '../../core/names.ts';

/** What is known about a proven merge request and its pull request. */
export interface PullRequestFacts {
  readonly pr: PullRequest | undefined;
  /** Pinned head that has passed the gates. */
  readonly head: Sha;
  readonly requireReview: boolean;
}

export type PullRequestStep =
  | { readonly do: 'create' }
  /** Nothing to do until somebody there has acted. */
  | { readonly do: 'wait'; readonly why: string }
  | { readonly do: 'merge'; readonly pr: PullRequest }
  /** The forge says that it is merged. */
  | { readonly do: 'settle'; readonly pr: PullRequest }
  | { readonly do: 'send-back'; readonly pr: PullRequest; readonly cause: 'checks' | 'review' };

/** The next step for one pull request. Pure. Merged counts whatever else is said, and nobody waits for a closed one. */
export function decidePullRequest({ pr, head, requireReview }: PullRequestFacts): PullRequestStep {
  if (pr === undefined) return { do: 'create' };
  if (pr.state === 'merged') return { do: 'settle', pr };
  // One that was closed with another head is history: the branch has got new work since.
  if (pr.state === 'closed')
    return isHead(pr, head) ? { do: 'send-back', pr, cause: 'review' } : { do: 'create' };
  const name = `pull request #${pr.number}`;
  if (!isHead(pr, head)) return { do: 'wait', why: `${name} does not show the pushed head yet` };
  if (pr.review === 'changes') return { do: 'send-back', pr, cause: 'review' };
  if (pr.checks.state === 'failing') return { do: 'send-back', pr, cause: 'checks' };
  if (pr.checks.state === 'pending') return { do: 'wait', why: `${name} waits for its checks` };
  const isReviewed = pr.review === 'approved' || (pr.review === 'none' && !requireReview);
  return isReviewed ? { do: 'merge', pr } : { do: 'wait', why: `${name} waits for a review` };
}

/** Forges may shorten ids. */
function isHead(pr: PullRequest, head: Sha): boolean {
  return pr.head !== '' && head.startsWith(pr.head);
}
