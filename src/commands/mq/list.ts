import * as z from 'zod/mini';
import { issueJson } from '../../beads/write/issue-json.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listQueue } from '../../refinery/list-queue.ts';
import type { ListedRequest } from '../../refinery/list-queue.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { renderQueue } from '../../ui/text/mq.ts';

export const schema = z.array(
  z.looseObject({
    id: z.string(),
    title: z.string(),
    status: z.string(),
    branch: z.string(),
    phase: z.string(),
    source_issue: z.optional(z.string()),
    branch_exists: z.optional(z.boolean()),
    verify_error: z.optional(z.string()),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const listed = await listQueue(ctx, rig, {
    status: input.flag('status') ?? 'open',
    ready: input.bool('ready'),
    worker: input.flag('worker'),
    verify: input.bool('verify'),
  });
  return {
    data: listed.map(jsonOf),
    text: renderQueue(listed, { rig, now: ctx.ports.clock.now(), screen: app.output }),
  };
}

function jsonOf({ item, onRemote }: ListedRequest): Record<string, unknown> {
  const { bead, branch, sourceIssue } = item.mr;
  const issue = { ...issueJson(bead), branch, phase: item.phase, source_issue: sourceIssue };
  if (onRemote === undefined) return issue;
  return onRemote.ok
    ? { ...issue, branch_exists: onRemote.value }
    : { ...issue, branch_exists: false, verify_error: onRemote.why };
}
