import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { submitBranch } from '../../refinery/submit-branch.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  id: z.string(),
  outcome: z.enum(['created', 'repinned', 'unchanged']),
  branch: z.string(),
  target: z.string(),
  commit: z.string(),
  source_issue: z.optional(z.string()),
  superseded: z.array(z.string()),
});

const SAID = {
  created: 'is in the queue',
  repinned: 'has the new commit',
  unchanged: 'is in the queue already',
};

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await chooseRig(ctx, { name: '', cwd: app.cwd });
  const priority = input.number('priority');
  if (priority !== undefined && (priority < 0 || priority > 4)) {
    throw new UsageError({ code: 'mq.bad-priority', message: `priority ${priority} is not 0 to 4` });
  }
  const done = await submitBranch(ctx, rig, {
    repo: app.cwd,
    branch: input.flag('branch'),
    issue: input.flag('issue'),
    epic: input.flag('epic'),
    group: input.flag('group'),
    priority,
  });
  const { mr, kind, branch, target, commit, superseded } = done;
  return {
    data: { id: mr.id, outcome: kind, branch, target, commit, source_issue: mr.sourceIssue, superseded },
    text: [
      `${app.output.style.green('✓')} ${mr.id} ${SAID[kind]}: ${branch} -> ${target}`,
      ...superseded.map((id) => `  ${id} superseded`),
    ].join('\n'),
  };
}
