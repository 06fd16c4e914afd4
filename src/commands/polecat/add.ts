import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { run as addIdentity } from './identity/add.ts';

export { schema } from './identity/add.ts';

/** The old name of `polecat identity add`. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const reply = await addIdentity(app, input);
  return { ...reply, warnings: ['gt polecat add is the old name of: gt polecat identity add'] };
}
