import { oneLine, printable } from '../../core/text.ts';
import type { Paint } from './paint.ts';

export interface ReviewView {
  readonly mr: string;
  readonly score?: number | undefined;
  readonly verdict?: string | undefined;
  readonly text: string;
  readonly by: string;
  readonly at: string;
}

/** What was found, oldest first. */
export function renderReviews(reviews: readonly ReviewView[], paint: Paint): string {
  if (reviews.length === 0) return 'No change has been reviewed.';
  return reviews.map((review) => renderReview(review, paint)).join('\n');
}

function renderReview({ mr, score, verdict, text, by, at }: ReviewView, paint: Paint): string {
  const said = [
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(verdict === undefined ? [] : [verdict]),
  ];
  const head = `${paint.bold(mr)}  ${said.length === 0 ? 'explained' : said.join(', ')}  by ${by}, ${at.slice(0, 16)}`;
  return [head, ...text.split('\n').map((line) => `  ${printable(line)}`)].join('\n');
}

export interface PendingView {
  readonly id: string;
  readonly what: 'judge' | 'explain';
  readonly issue: string;
  readonly branch: string;
  readonly phase: string;
  readonly diff: string;
}

const DEPTHS = {
  quick: 'the difference alone',
  standard: 'the difference, the code around it, and whether tests show what it claims',
  deep: 'as a maintainer: the difference, what calls it, what it breaks, and run it in a copy of your own',
} as const;

/** What an agent reads before it judges: how closely to look, and how to say what it found. */
export function renderPendingReviews(
  pending: readonly PendingView[],
  facts: {
    readonly enabled: boolean;
    readonly depth: keyof typeof DEPTHS;
    readonly rig: string;
    readonly paint: Paint;
  },
): string {
  if (pending.length === 0) return 'Nothing waits for a look.';
  const lines = pending.flatMap(({ id, what, issue, branch, phase, diff }) => [
    `${facts.paint.bold(id)}  ${what}  ${phase}  ${issue}  ${oneLine(branch, 80)}`,
    `  ${diff}`,
    ...(what === 'explain' ? [`  gt mq explain ${id}`] : []),
  ]);
  return [
    ...lines,
    '',
    `Depth ${facts.depth}: ${DEPTHS[facts.depth]}. Say what you found:`,
    '  judge    gt mq review <id> --score <0 … 1> --verdict approve|request_changes|reject -m "<why>"',
    '  explain  gt mq review <id> -m "<why it is held back, and what would help>"',
    ...(facts.enabled
      ? []
      : [`No agent is asked by itself: gt rig settings set ${facts.rig} merge_queue.judgment_enabled true`]),
  ].join('\n');
}
