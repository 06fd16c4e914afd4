import { RefusedError, UnreadableError } from '../../core/errors.ts';
import type { Store } from '../../ports/store.ts';
import { differingTables, digestDatabase, type DatabaseDigest } from '../content/digest.ts';
import { readIdentity } from '../content/identity.ts';
import type { Backup } from './catalog.ts';

export interface RestoreRequest {
  readonly store: Store;
  readonly database: string;
  readonly backup: Backup;
  /** What the new database is called until it takes its place. */
  readonly fresh: string;
}

/** The backup as a database of its own beside the one in use. */
export interface Restored {
  readonly restored: DatabaseDigest;
  /** Of the database in use; undefined when there is none, or it cannot be read. */
  readonly current: DatabaseDigest | undefined;
}

/**
 * Restores into a new database and holds it against the backup's own record: row counts, content hashes, project id.
 * What does not match is removed again. Throws RefusedError `backup.other-store` `backup.other-project`,
 * UnreadableError `backup.damaged`.
 */
export async function restoreBeside(request: RestoreRequest): Promise<Restored> {
  const { store, backup, fresh } = request;
  refuseOther(request);
  const admin = await store.admin();
  await admin.restore(backup.place, fresh);
  try {
    const sql = await store.open(fresh);
    const restored = await digestDatabase(sql, admin.tables);
    const wrong = [
      ...differingTables(backup.manifest.tables, restored),
      ...((await readIdentity(sql)).projectId === backup.manifest.projectId ? [] : ['the project id']),
    ];
    if (wrong.length > 0) throw damaged(backup, wrong);
    return { restored, current: await readCurrent(request) };
  } catch (error) {
    await admin.drop(fresh);
    throw error;
  }
}

function refuseOther({ store, database, backup }: RestoreRequest): void {
  const { manifest, place } = backup;
  if (manifest.store !== store.kind) {
    throw new RefusedError({
      code: 'backup.other-store',
      message: `the backup in ${place} is of a ${manifest.store} store, this one is ${store.kind}`,
      hint: `Move the store first: gt store migrate --to ${manifest.store}`,
    });
  }
  if (manifest.database === database) return;
  throw new RefusedError({
    code: 'backup.other-project',
    message: `the backup in ${place} is of the database '${manifest.database}', not of '${database}'`,
    hint: 'Run: bd backup list',
  });
}

/** A database that is too broken to read is what backups are for: it is no reason to refuse. */
async function readCurrent({ store, database, backup }: RestoreRequest): Promise<DatabaseDigest | undefined> {
  const admin = await store.admin();
  try {
    const sql = await store.open(database);
    const { projectId } = await readIdentity(sql);
    if (projectId !== '' && projectId !== backup.manifest.projectId) throw otherProject(backup, projectId);
    return await digestDatabase(sql, admin.tables);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'backup.other-project') throw error;
    return undefined;
  }
}

function otherProject({ manifest, place }: Backup, found: string): RefusedError {
  return new RefusedError({
    code: 'backup.other-project',
    message: `the backup in ${place} is of project ${manifest.projectId}, the database in use of ${found}`,
    hint: 'Run: bd backup list',
  });
}

function damaged({ place }: Backup, wrong: readonly string[]): UnreadableError {
  return new UnreadableError({
    code: 'backup.damaged',
    message: `the backup in ${place} does not hold what it held when it was made: ${wrong.join('; ')}`,
    hint: 'Choose another backup: bd backup list; nothing was changed',
  });
}
