import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { addAccount } from '../../runtimes/accounts.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { handle, folder, isDefault } = await addAccount(await actingTown(app), {
    handle: input.arg('handle'),
    email: input.flag('email') ?? '',
    description: input.flag('desc') ?? '',
  });
  const what = isDefault ? `${handle}, the default` : handle;
  return {
    text: `${app.output.style.green('✓')} Account ${what}: ${folder}\nLog in once: CLAUDE_CONFIG_DIR=${folder} claude`,
  };
}
