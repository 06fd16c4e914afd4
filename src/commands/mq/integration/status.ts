import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { counted, oneLine } from '../../../core/text.ts';
import { notReady, readIntegration } from '../../../refinery/integration/facts.ts';
import type { Integration } from '../../../refinery/integration/facts.ts';

export const schema = z.object({
  epic: z.string(),
  branch: z.string(),
  base_branch: z.string(),
  created: z.boolean(),
  ahead_of_base: z.int(),
  merged_mrs: z.array(z.string()),
  pending_mrs: z.array(z.string()),
  ready_to_land: z.boolean(),
  auto_land_enabled: z.boolean(),
  children_total: z.int(),
  children_closed: z.int(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const facts = await readIntegration(await app.town(), input.arg('epic'));
  return { data: statusData(facts), text: () => renderStatus(facts) };
}

function statusData(facts: Integration) {
  const { epic, branch, base, tip, ahead, merged, pending, children, autoLand } = facts;
  return {
    epic: epic.id,
    branch: branch ?? '',
    base_branch: base,
    created: tip !== undefined,
    ahead_of_base: ahead,
    merged_mrs: merged,
    pending_mrs: pending,
    ready_to_land: notReady(facts).length === 0,
    auto_land_enabled: autoLand,
    children_total: children.length,
    children_closed: closedOf(facts),
  };
}

function closedOf({ children }: Integration): number {
  return children.filter(({ status }) => status === 'closed').length;
}

function renderStatus(facts: Integration): string {
  const { epic, branch, base, tip, ahead, merged, pending, children } = facts;
  const why = notReady(facts);
  const where =
    tip === undefined ? 'not made yet' : `${branch}, ${counted(ahead, 'commit')} ahead of ${base}`;
  return [
    `${epic.id}  ${oneLine(epic.title)}`,
    `  branch    ${where}`,
    `  children  ${closedOf(facts)} of ${children.length} closed`,
    `  merged    ${merged.join(' ') || 'nothing'}`,
    `  pending   ${pending.join(' ') || 'nothing'}`,
    why.length === 0
      ? `  It can land: gt mq integration land ${epic.id}`
      : `  It cannot land yet: ${why.join('; ')}`,
  ].join('\n');
}
