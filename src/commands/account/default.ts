import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { setDefaultAccount } from '../../runtimes/accounts.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { handle } = await setDefaultAccount(await actingTown(app), input.arg('handle'));
  return { text: `${app.output.style.green('✓')} Agents that are started from now on run under ${handle}` };
}
