import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openVersions } from './versions.ts';

export const schema = z.array(z.object({ name: z.string(), url: z.string() }));

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { versions, database } = await openVersions(app, input);
  const remotes = await versions.remotes(database);
  const lines = remotes.map(({ name, url }) => `${name}  ${url}`);
  return {
    data: remotes,
    text: lines.length === 0 ? 'No remote. Run: bd dolt remote add origin <url>' : lines.join('\n'),
  };
}
