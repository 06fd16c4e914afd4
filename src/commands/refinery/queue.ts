import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAge } from '../../core/duration.ts';
import { listQueue } from '../../refinery/list-queue.ts';
import type { ListedRequest } from '../../refinery/list-queue.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { renderQueue } from '../../ui/text/mq.ts';

/** The Go gt's shape. */
export const schema = z.array(
  z.object({
    position: z.number(),
    mr: z.object({
      id: z.string(),
      branch: z.string(),
      worker: z.string(),
      issue_id: z.string(),
      target_branch: z.string(),
      created_at: z.string(),
      status: z.string(),
      close_reason: z.optional(z.string()),
      error: z.optional(z.string()),
    }),
    age: z.string(),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const listed = await listQueue(ctx, rig, { status: 'open', ready: false, verify: false });
  const now = ctx.ports.clock.now();
  const entry = ({ item }: ListedRequest, index: number): unknown => ({
    position: index + 1,
    mr: {
      id: item.mr.id,
      branch: item.mr.branch,
      worker: item.mr.worker ?? '',
      issue_id: item.mr.sourceIssue ?? '',
      target_branch: item.mr.target ?? rig.defaultBranch,
      created_at: item.mr.bead.createdAt,
      status: item.mr.bead.status,
      close_reason: item.mr.closeReason,
      error: item.mr.evidence?.summary,
    },
    age: formatAge(now - Date.parse(item.mr.bead.createdAt)),
  });
  return { data: listed.map(entry), text: renderQueue(listed, { rig, now, screen: app.output }) };
}
