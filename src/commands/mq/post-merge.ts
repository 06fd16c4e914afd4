import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { finishMerged } from '../../refinery/post-merge.ts';
import { rigNamed } from '../../rig/registry.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  id: z.string(),
  phase: z.string(),
  source_issue: z.optional(z.string()),
  merge_commit: z.optional(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const mr = await finishMerged(ctx, await rigNamed(ctx, input.arg('rig')), {
    mr: input.arg('mr'),
    keepBranch: input.bool('skip-branch-delete'),
    signal: app.stopSignal,
  });
  const issue = mr.sourceIssue === undefined ? {} : { source_issue: mr.sourceIssue };
  const commit = mr.mergeCommit === undefined ? {} : { merge_commit: mr.mergeCommit };
  return {
    data: { id: mr.id, phase: mr.phase, ...issue, ...commit },
    text: `${app.output.style.green('✓')} ${mr.id} is closed as merged${mr.sourceIssue === undefined ? '' : `, ${mr.sourceIssue} with it`}`,
  };
}
