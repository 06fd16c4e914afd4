import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listReviews } from '../../beads/forms/review.ts';
import { diffCommand, pendingReviews, readJudgment } from '../../refinery/review.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { renderPendingReviews, renderReviews } from '../../ui/text/reviews.ts';
import { reviewSchema } from './item-data.ts';

const pendingSchema = z.object({
  id: z.string(),
  what: z.enum(['judge', 'explain']),
  issue: z.string(),
  branch: z.string(),
  phase: z.string(),
  diff: z.string(),
});

export const schema = z.object({
  enabled: z.boolean(),
  depth: z.enum(['quick', 'standard', 'deep']),
  pending: z.array(pendingSchema),
  reviews: z.array(reviewSchema),
});

/** What was found about changes, and which nobody has looked at. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const onlyPending = input.bool('pending');
  const ledger = await ctx.ledgers.open(rig.database);
  const [judgment, items, reviews] = await Promise.all([
    readJudgment(ctx, rig),
    pendingReviews(ctx, rig),
    onlyPending ? [] : listReviews(ledger, {}),
  ]);
  const pending = items.map(({ mr, what }) => ({
    id: mr.id,
    what,
    issue: mr.sourceIssue ?? '',
    branch: mr.branch,
    phase: mr.phase,
    diff: diffCommand(rig, mr),
  }));
  const paint = app.output.style;
  return {
    data: { ...judgment, pending, reviews },
    text: [
      ...(onlyPending ? [] : [renderReviews(reviews, paint)]),
      renderPendingReviews(pending, { ...judgment, rig: rig.name, paint }),
    ].join('\n\n'),
  };
}
