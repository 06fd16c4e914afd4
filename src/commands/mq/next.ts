import * as z from 'zod/mini';
import { issueJson } from '../../beads/write/issue-json.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { listQueue } from '../../refinery/list-queue.ts';
import { chooseRig } from '../../rig/choose-rig.ts';

export const schema = z.nullable(z.looseObject({ id: z.string(), branch: z.string() }));

/** The one that would land first of those that can; with none nothing is printed, and that is no failure. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const listed = await listQueue(ctx, rig, { status: 'open', ready: false, verify: false });
  const able = listed
    .filter(({ shown }) => shown === 'ready' || shown === 'active')
    .map(({ item }) => item.mr);
  const oldest = able.toSorted((a, b) => a.bead.createdAt.localeCompare(b.bead.createdAt));
  const next = (input.flag('strategy') === 'fifo' ? oldest : able)[0];
  if (next === undefined) return { data: null, text: '' };
  return {
    data: { ...issueJson(next.bead), branch: next.branch },
    text: input.bool('quiet') ? next.id : `${next.id}  ${next.branch}  ${oneLine(next.bead.title)}`,
  };
}
