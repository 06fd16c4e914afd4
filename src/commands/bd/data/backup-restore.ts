import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { listBackups, readBackup, type Backup } from '../../../beads/backup/catalog.ts';
import { restoreBeside, type Restored } from '../../../beads/backup/restore.ts';
import {
  asideName,
  freshName,
  listAside,
  prepareRestore,
  swapDatabases,
} from '../../../beads/backup/swap.ts';
import { totalRows } from '../../../beads/content/digest.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError, RefusedError } from '../../../core/errors.ts';
import { destinationOf } from './destination.ts';
import { findPlace, type BdPlace } from '../open.ts';
import { refuseReadOnly } from '../write.ts';

export const schema = z.object({
  backup: z.optional(z.string()),
  restored: z.boolean(),
  rows: z.optional(z.number()),
  current_rows: z.optional(z.number()),
  kept: z.optional(z.string()),
  removed: z.optional(z.array(z.string())),
});

/** Restores into a new database and compares; --yes puts it in place; --confirm removes what was kept. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  refuseReadOnly(input);
  const place = await findPlace(app, input);
  if (input.bool('confirm')) return confirm(place);
  const backup = await chooseBackup(app, place, input.arg('path'));
  const stamp = new Date(app.machine.clock.now()).toISOString().slice(0, 23).replaceAll(/\D/g, '');
  const { store, database, town } = place;
  const locks = town?.ports.locks ?? app.locksAt(join(place.dir ?? '', 'locks'));
  // Each takes away what an earlier one left half done.
  await using _lock = await locks.acquire(`restore-${database}`, { waitMs: 0, purpose: 'bd restore' });
  const fresh = freshName(database, stamp);
  await prepareRestore(place);
  const result = await restoreBeside({ store, database, backup, fresh });
  if (!input.bool('yes') && !input.bool('force')) {
    await (await store.admin()).drop(fresh);
    return previewReply(backup, result);
  }
  const aside = asideName(database, stamp);
  try {
    await swapDatabases({ store, town, database, fresh, aside });
  } catch (error) {
    // Should this fail too, the next restore removes it; the first error is the one to tell.
    if (!(error instanceof RefusedError && error.code === 'restore.server'))
      await (await store.admin()).drop(fresh).catch(() => undefined);
    throw error;
  }
  return {
    data: { ...rowsOf(backup, result), restored: true, kept: aside },
    text: [
      `Restored '${database}' from ${backup.place}: ${totalRows(result.restored)} rows, every table as it was backed up`,
      `What was there before is kept as '${aside}'`,
      'When all is well: bd backup restore --confirm',
    ].join('\n'),
  };
}

async function chooseBackup(app: AppContext, place: BdPlace, path: string): Promise<Backup> {
  const { files } = app.machine;
  if (path !== '') return readBackup(files, resolve(app.cwd, path));
  const { path: destination } = await destinationOf(app, place);
  const [newest] = await listBackups(files, destination, place.database);
  if (newest !== undefined) return newest;
  throw new NotFoundError({
    code: 'backup.not-found',
    message: `there is no backup of '${place.database}' in ${destination}`,
    hint: 'Name one: bd backup restore <path>',
  });
}

async function confirm({ store, database }: BdPlace): Promise<CommandReply> {
  const removed = await listAside(store, database);
  const admin = await store.admin();
  for (const name of removed) await admin.drop(name);
  return {
    data: { restored: false, removed },
    text: removed.length === 0 ? 'No restore has kept anything' : `Removed: ${removed.join(', ')}`,
  };
}

function previewReply(backup: Backup, result: Restored): CommandReply {
  const { restored, current } = result;
  const changed = Object.keys(restored).filter((name) => restored[name]?.sha256 !== current?.[name]?.sha256);
  return {
    data: { ...rowsOf(backup, result), restored: false },
    text: [
      `${backup.place} (${backup.manifest.at}) is whole: every table as it was backed up.`,
      ...(current === undefined ? ['The database in use cannot be read.'] : []),
      ...changed.map(
        (name) =>
          `  ${name}: ${current?.[name]?.rows ?? '?'} rows now, ${restored[name]?.rows} in the backup`,
      ),
      ...(changed.length === 0 ? ['The database in use holds the same.'] : ['To put it in place: add --yes']),
    ].join('\n'),
  };
}

function rowsOf(backup: Backup, { restored, current }: Restored) {
  return {
    backup: backup.place,
    rows: totalRows(restored),
    ...(current === undefined ? {} : { current_rows: totalRows(current) }),
  };
}
