import * as z from 'zod/mini';
import { listBackups } from '../../../beads/backup/catalog.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { renderTable } from '../../../ui/text/table.ts';
import { backupJson, backupSchema, destinationOf } from './backup.ts';
import { findPlace } from '../open.ts';

export const schema = z.array(backupSchema);

/** Every finished backup of the database, newest first. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await findPlace(app, input);
  const { path } = await destinationOf(app, place);
  const backups = (await listBackups(app.machine.files, path, place.database)).map(backupJson);
  const columns = [
    { title: 'When', value: ({ at }: (typeof backups)[number]) => at.slice(0, 19) },
    { title: 'Store', value: ({ store }: (typeof backups)[number]) => store },
    { title: 'Rows', value: ({ rows }: (typeof backups)[number]) => String(rows) },
    { title: 'Where', value: ({ path: where }: (typeof backups)[number]) => where },
  ];
  return {
    data: backups,
    text: backups.length === 0 ? `No backups in ${path}\nRun: bd backup sync` : renderTable(columns, backups),
  };
}
