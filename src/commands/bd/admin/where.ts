import * as z from 'zod/mini';
import type { CommandModule } from '../../../cli/command.ts';
import { onLedger } from '../handlers.ts';

/** Which `.beads` folder and which database are in use. */
export const where: CommandModule = {
  schema: z.object({
    path: z.string(),
    redirected_from: z.optional(z.string()),
    database_path: z.string(),
  }),
  run: onLedger(async ({ beads, home }) => {
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
        `  prefix: ${home.prefix}`,
        `  database: ${databasePath}`,
      ].join('\n'),
    };
  }),
};

/** What this database is and how much is in it. */
export const info: CommandModule = {
  schema: z.object({
    database_path: z.string(),
    mode: z.string(),
    prefix: z.string(),
    issue_count: z.number(),
  }),
  run: onLedger(async ({ beads, home }) => {
    const databasePath = await beads.databasePath();
    const count = await home.count({ includeTemplates: true });
    const mode = beads.store.kind === 'sqlite' ? 'direct' : 'server';
    return {
      data: { database_path: databasePath, mode, prefix: home.prefix, issue_count: count },
      text: [
        '',
        'Beads Database Information',
        '===========================',
        `Database: ${databasePath}`,
        `Mode: ${mode}`,
        `Prefix: ${home.prefix}`,
        '',
        `Issue Count: ${count}`,
      ].join('\n'),
    };
  }),
};
