import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';

export const schema = z.object({
  path: z.string(),
  redirected_from: z.optional(z.string()),
  database_path: z.string(),
});

/** Which `.beads` folder and which database are in use. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const path = beads.dir ?? beads.town?.paths.beadsDir ?? '';
  const databasePath = await beads.databasePath();
  const from = beads.redirectedFrom;
  return {
    data: {
      path,
      ...(from === undefined ? {} : { redirected_from: from }),
      database_path: databasePath,
    },
    text: [
      path,
      ...(from === undefined ? [] : [`  (via redirect from ${from})`]),
      `  prefix: ${beads.home.prefix}`,
      `  database: ${databasePath}`,
    ].join('\n'),
  };
}
