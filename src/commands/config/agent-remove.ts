import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { removeAgent } from '../../runtimes/agents.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const name = input.arg('name');
  await removeAgent(await actingTown(app), name);
  return { text: `${app.output.style.green('✓')} agent ${name} is forgotten` };
}
