import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openVersionsToWrite } from './versions.ts';

export const schema = z.object({ name: z.string(), url: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { versions, database } = await openVersionsToWrite(app, input);
  const remote = { name: input.arg('name'), url: input.arg('url') };
  await versions.addRemote(database, remote);
  return { data: remote, text: `Added remote ${remote.name}: ${remote.url}` };
}
