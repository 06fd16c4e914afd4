import { readMemories } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { foundReply } from './found.ts';
import { openBeads } from '../open.ts';

export { schema } from './kv-get.ts';

/** Exit 1 when there is no such memory. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const key = input.arg('key');
  return foundReply(key, (await readMemories(home))[key], `No memory is called '${key}'. Run: bd memories`);
}
