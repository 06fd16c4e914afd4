import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { switchAccount } from '../../runtimes/accounts.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { handle, folder } = await switchAccount(await actingTown(app), input.arg('handle'));
  return { text: `${app.output.style.green('✓')} ~/.claude leads to ${handle} (${folder})` };
}
