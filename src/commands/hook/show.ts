import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { oneLine } from '../../core/text.ts';
import { agentArg, readHook } from './status-data.ts';

export const schema = z.object({
  agent: z.string(),
  bead_id: z.string(),
  title: z.string(),
  status: z.string(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const agent = await agentArg(town, input.arg('agent'));
  const [bead] = (await readHook(town, agent)).held;
  const name = formatAddress(agent);
  const data = {
    agent: name,
    bead_id: bead?.id ?? '',
    title: bead?.title ?? '',
    status: bead?.status ?? 'empty',
  };
  const text =
    bead === undefined ? `${name}: (empty)` : `${name}: ${bead.id} '${oneLine(bead.title)}' [${bead.status}]`;
  return { data, text };
}
