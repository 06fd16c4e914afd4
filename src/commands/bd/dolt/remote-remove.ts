import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openVersionsToWrite } from './versions.ts';

export const schema = z.object({ name: z.string(), removed: z.boolean() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { versions, database } = await openVersionsToWrite(app, input);
  const name = input.arg('name');
  await versions.removeRemote(database, name);
  return { data: { name, removed: true }, text: `Removed remote ${name}; what it has stays there` };
}
