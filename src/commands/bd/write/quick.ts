import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { createOne } from './create.ts';

export { issueSchema as schema } from '../schema.ts';

/** `bd q`: creates a bead and prints nothing but its id. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const reply = await createOne(app, { ...input, bool: (name) => name === 'silent' || input.bool(name) });
  return reply;
}
