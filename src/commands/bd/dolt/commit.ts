import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { commitAll, openVersionsToWrite } from './versions.ts';

export const schema = z.object({ committed: z.boolean() });

/** One version of all that changed since the last one. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await openVersionsToWrite(app, input);
  const committed = await commitAll(place, input.flag('message') ?? 'bd: commit pending changes');
  return { data: { committed }, text: committed ? 'Committed.' : 'Nothing to commit.' };
}
