import { join } from 'node:path';
import { UnavailableError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Files } from '../../ports/files.ts';
import type { Store } from '../../ports/store.ts';
import { digestDatabase, differingTables } from '../content/digest.ts';
import { readIdentity } from '../content/identity.ts';
import { listBackups, manifestFile, writeManifest, type Backup } from './catalog.ts';

export interface BackupTarget {
  readonly files: Files;
  readonly clock: Clock;
  readonly store: Store;
  readonly database: string;
  /** Folder of all backups. */
  readonly destination: string;
}

/** SQLite copies are whole files, so some older ones are kept; a Dolt copy holds its own history. */
const KEPT = 7;

/**
 * Copies a database and writes down what the copy must hold. gt's own writers wait meanwhile. Throws
 * UnavailableError `store.busy` when another program (a foreign bd) writes all the time.
 */
export async function makeBackup(target: BackupTarget): Promise<Backup> {
  const { files, store, database, destination } = target;
  const at = new Date(target.clock.now()).toISOString();
  const stamp = at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const place = join(destination, database, store.kind === 'dolt' ? 'dolt' : stamp);
  const sql = await store.open(database);
  const admin = await store.admin();
  const tables = await admin.freeze([database], async () => {
    await files.remove(manifestFile(place));
    const before = await digestDatabase(sql, admin.tables);
    await admin.backUp(database, place);
    const changed = differingTables(before, await digestDatabase(sql, admin.tables));
    if (changed.length === 0) return before;
    throw new UnavailableError({
      code: 'store.busy',
      message: `another program wrote into '${database}' during the backup: ${changed.join(', ')}`,
      hint: 'Try again',
    });
  });
  const identity = await readIdentity(sql);
  const backup = { place, manifest: { database, ...identity, store: store.kind, at, tables } };
  await writeManifest(files, backup);
  await removeOld(target);
  return backup;
}

async function removeOld({ files, destination, database, store }: BackupTarget): Promise<void> {
  if (store.kind === 'dolt') return;
  const all = await listBackups(files, destination, database);
  for (const { place } of all.filter(({ manifest }) => manifest.store === 'sqlite').slice(KEPT)) {
    await files.remove(manifestFile(place));
    await files.remove(place);
  }
}
