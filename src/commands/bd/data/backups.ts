import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { listBackups, type Backup } from '../../../beads/backup/catalog.ts';
import { chooseDestination } from '../../../beads/backup/destination.ts';
import { makeBackup } from '../../../beads/backup/make.ts';
import { listAside } from '../../../beads/backup/swap.ts';
import { totalRows } from '../../../beads/content/digest.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { renderTable } from '../../../ui/text/table.ts';
import { findPlace } from '../open.ts';
import { destinationOf, destinationPlace } from './destination.ts';

const backupSchema = z.object({
  database: z.string(),
  store: z.enum(['sqlite', 'dolt']),
  path: z.string(),
  at: z.string(),
  rows: z.number(),
});

/** Makes a backup of the database now. Throws what `makeBackup` throws. */
export const sync: CommandModule = {
  schema: z.extend(backupSchema, { synced: z.literal(true) }),
  async run(app, input) {
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
  },
};

function backupJson({ place, manifest }: Backup) {
  const { database, store, at, tables } = manifest;
  return { database, store, path: place, at, rows: totalRows(tables) };
}

/** When the last backup was made and where, and what restores have kept. */
export const status: CommandModule = {
  schema: z.object({
    configured: z.boolean(),
    backup_path: z.string(),
    backup: z.nullable(backupSchema),
    count: z.number(),
    kept_databases: z.array(z.string()),
  }),
  async run(app, input) {
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
  },
};

/** Every finished backup of the database, newest first. */
export const list: CommandModule = {
  schema: z.array(backupSchema),
  async run(app, input) {
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
      text:
        backups.length === 0 ? `No backups in ${path}\nRun: bd backup sync` : renderTable(columns, backups),
    };
  },
};

/** Chooses where backups go. */
export const init: CommandModule = {
  schema: z.object({ backup_path: z.string(), initialized: z.literal(true) }),
  async run(app, input) {
    const named = input.arg('path');
    if (/^[a-z][a-z0-9+]*:\/\//i.test(named) && !named.startsWith('file://')) {
      throw new UsageError({
        code: 'backup.no-folder',
        message: `'${named.slice(0, 80)}' is no folder: backups go to folders`,
        hint: 'For a server elsewhere: bd dolt remote add, then bd dolt push',
      });
    }
    const path = resolve(app.cwd, named.replace(/^file:\/\//, ''));
    await app.machine.files.makeDir(path, { mode: 0o700 });
    await chooseDestination(destinationPlace(app, await findPlace(app, input)), path);
    return {
      data: { backup_path: path, initialized: true },
      text: `Backups go to ${path}\nNext: bd backup sync`,
    };
  },
};

/** Forgets the chosen destination; the backups in it stay. */
export const remove: CommandModule = {
  schema: z.object({ removed: z.boolean() }),
  async run(app, input) {
    const place = await findPlace(app, input);
    const { path, isChosen } = await destinationOf(app, place);
    if (isChosen) await chooseDestination(destinationPlace(app, place), undefined);
    return {
      data: { removed: isChosen },
      text: isChosen ? `Backups no longer go to ${path}; what is there stays` : 'No destination was chosen',
    };
  },
};
