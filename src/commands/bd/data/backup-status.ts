import * as z from 'zod/mini';
import { listBackups } from '../../../beads/backup/catalog.ts';
import { listAside } from '../../../beads/backup/swap.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { backupJson, backupSchema, destinationOf } from './backup.ts';
import { findPlace } from '../open.ts';

export const schema = z.object({
  configured: z.boolean(),
  backup_path: z.string(),
  backup: z.nullable(backupSchema),
  count: z.number(),
  kept_databases: z.array(z.string()),
});

/** When the last backup was made and where, and what restores have kept. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await findPlace(app, input);
  const { path, isChosen } = await destinationOf(app, place);
  const backups = await listBackups(app.machine.files, path, place.database);
  const newest = backups[0] === undefined ? null : backupJson(backups[0]);
  const kept = await listAside(place.store, place.database);
  const lines =
    newest === null
      ? [
          'No backup has been made yet.',
          '',
          '  bd backup init <path>    choose where',
          '  bd backup sync           make one',
        ]
      : [`Last backup: ${newest.at}, ${newest.rows} rows (${backups.length} kept)`, `  ${newest.path}`];
  return {
    data: {
      configured: isChosen,
      backup_path: path,
      backup: newest,
      count: backups.length,
      kept_databases: kept,
    },
    text: [
      ...lines,
      ...kept.map((name) => `Kept by a restore: ${name} (bd backup restore --confirm removes it)`),
    ].join('\n'),
  };
}
