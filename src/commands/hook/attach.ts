import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { attachWork } from '../../hooks/attach.ts';
import { actingTown } from '../acting-town.ts';
import { agentArg } from './status-data.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const agent = agentArg(town, input.arg('target'));
  const bead = await attachWork(town, { bead: input.arg('bead'), agent });
  return { text: `${app.output.style.green('✓')} ${bead.id} is on the hook of ${formatAddress(agent)}` };
}
