import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { rejectMergeRequest } from '../../refinery/manage.ts';
import { rigNamed } from '../../rig/registry.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ id: z.string(), branch: z.string(), reason: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await rigNamed(ctx, input.arg('rig'));
  const reason = (input.bool('stdin') ? await app.stdin() : (input.flag('reason') ?? '')).trim();
  if (reason === '') {
    throw new UsageError({
      code: 'mq.no-reason',
      message: 'a rejection needs a reason',
      hint: 'Run: gt mq reject <rig> <mr> --reason "<why>"',
    });
  }
  const mr = await rejectMergeRequest(ctx, rig, { id: input.arg('mr'), reason });
  const issue = mr.sourceIssue === undefined ? '' : `; ${mr.sourceIssue} is open again`;
  return {
    data: { id: mr.id, branch: mr.branch, reason },
    text: `${app.output.style.green('✓')} ${mr.id} rejected${issue}`,
  };
}
