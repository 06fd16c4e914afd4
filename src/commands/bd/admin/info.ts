import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';

export const schema = z.object({
  database_path: z.string(),
  mode: z.string(),
  prefix: z.string(),
  issue_count: z.number(),
});

/** What this database is and how much is in it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const databasePath = await beads.databasePath();
  const count = await beads.home.count({ includeTemplates: true });
  const mode = beads.store.kind === 'sqlite' ? 'direct' : 'server';
  const lines = [
    '',
    'Beads Database Information',
    '===========================',
    `Database: ${databasePath}`,
    `Mode: ${mode}`,
    `Prefix: ${beads.home.prefix}`,
    '',
    `Issue Count: ${count}`,
  ];
  return {
    data: { database_path: databasePath, mode, prefix: beads.home.prefix, issue_count: count },
    text: lines.join('\n'),
  };
}
