import { join } from 'node:path';
import * as z from 'zod/mini';
import {
  readDestination,
  type Destination,
  type DestinationPlace,
} from '../../../beads/backup/destination.ts';
import type { Backup } from '../../../beads/backup/catalog.ts';
import { makeBackup } from '../../../beads/backup/make.ts';
import { totalRows } from '../../../beads/content/digest.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { findPlace, type BdPlace } from '../open.ts';

export const backupSchema = z.object({
  database: z.string(),
  store: z.enum(['sqlite', 'dolt']),
  path: z.string(),
  at: z.string(),
  rows: z.number(),
});

export const schema = z.extend(backupSchema, { synced: z.literal(true) });

/** Makes a backup of the database now. Throws what `makeBackup` throws. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await findPlace(app, input);
  const { path: destination, isChosen } = await destinationOf(app, place);
  const { files, clock } = app.machine;
  // A copy below a project's .beads must not get into its git.
  if (!isChosen) await files.writeAtomic(join(destination, '.gitignore'), '*\n');
  const { store, database } = place;
  const backup = await makeBackup({ files, clock, store, database, destination });
  const shown = backupJson(backup);
  return {
    data: { ...shown, synced: true },
    text: `Backed up ${shown.rows} rows of '${database}' to ${backup.place}`,
  };
}

export function backupJson({ place, manifest }: Backup) {
  const { database, store, at, tables } = manifest;
  return { database, store, path: place, at, rows: totalRows(tables) };
}

export function destinationPlace(app: AppContext, { store, town, dir }: BdPlace): DestinationPlace {
  const { files } = app.machine;
  if (town === undefined) {
    const beadsDir = dir ?? app.cwd;
    return { files, beadsDir, fallback: join(beadsDir, 'backup') };
  }
  const folder = store.kind === 'dolt' ? '.dolt-backup' : '.store-backup';
  return { files, beadsDir: town.paths.beadsDir, fallback: join(town.root, folder) };
}

export function destinationOf(app: AppContext, place: BdPlace): Promise<Destination> {
  return readDestination(destinationPlace(app, place));
}
