import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { VERDICTS } from '../../beads/forms/review.ts';
import { recordReview } from '../../refinery/review.ts';
import { actingTown } from '../acting-town.ts';
import { openRequest } from './open-request.ts';

export const schema = z.object({
  id: z.string(),
  score: z.optional(z.number()),
  verdict: z.optional(z.enum(VERDICTS)),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const text = (input.bool('stdin') ? await app.stdin() : (input.flag('message') ?? '')).trim();
  const { rig, mr } = await openRequest(ctx, input.arg('mr'));
  const score = input.number('score');
  const verdict = VERDICTS.find((each) => each === input.flag('verdict'));
  const { id } = await recordReview(ctx, rig, { mr: mr.id, score, verdict, text });
  return {
    data: { id, score, verdict },
    text: `${app.output.style.green('✓')} kept; it shows in gt mq explain ${id} and decides nothing`,
  };
}
