import type { MrEvidence } from '../../beads/forms/merge-request.ts';
import { oneLine, printable } from '../../core/text.ts';
import type { PullRequest, Remark } from '../../ports/forge.ts';

/** What goes back to the worker. @param remarks what reviewers wrote; for failed checks none */
export function forgeEvidence(facts: {
  readonly pr: PullRequest;
  readonly cause: 'checks' | 'review';
  readonly remarks: readonly Remark[];
  readonly at: string;
  readonly target: string | undefined;
}): MrEvidence {
  const { pr, cause, remarks, at, target } = facts;
  return {
    cause,
    summary: oneLine(`pull request #${pr.number}: ${summaryOf(facts)}`, 240),
    at,
    head: pr.head,
    target,
    ...(cause === 'checks' ? { failing: pr.checks.failing.map((name) => oneLine(name)) } : {}),
    tail: [pr.url, ...remarks.map(remarkLine)].map((line) => oneLine(line, 500)),
  };
}

function summaryOf({ pr, cause }: { readonly pr: PullRequest; readonly cause: 'checks' | 'review' }): string {
  if (pr.state === 'closed') return 'was closed without merging';
  return cause === 'review'
    ? 'a reviewer asks for changes'
    : `checks failed: ${pr.checks.failing.slice(0, 3).join(', ')}`;
}

function remarkLine({ author, path, text }: Remark): string {
  return `${printable(author)}${path === undefined ? '' : ` on ${path}`}: ${text}`;
}
