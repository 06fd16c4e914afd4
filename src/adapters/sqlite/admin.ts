import { chmodSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RefusedError, UnreadableError, messageOf } from '../../core/errors.ts';
import type { Database } from '../../ports/store.ts';
import type { StoreAdmin } from '../../ports/store-admin.ts';
import { isDamaged, translateFileError } from './errors.ts';
import { strangeNames, tableShapes } from '../sql-schema/shapes.ts';
import { SCHEMA_VERSION } from '../sql-schema/versions.ts';

export interface SqliteAdminOptions {
  readonly pathOf: (database: string) => string;
  readonly open: (database: string) => Promise<Database>;
  /** Closes this process's own handles on it. */
  readonly forget: (database: string) => void;
}

/** Name of the copy inside a backup's folder. */
const COPY = 'ledger.db';
/** How long others may still have a database open that is to be replaced. */
const EXCLUSIVE_WAIT_MS = 5000;

export function createSqliteAdmin({ pathOf, open, forget }: SqliteAdminOptions): StoreAdmin {
  return {
    tables: tableShapes,
    async strangeTables(database) {
      const rows = await (await open(database)).query("SELECT name FROM sqlite_master WHERE type = 'table'");
      return strangeNames(rows.map((row) => String(row['name'])));
    },
    session: async (database, work) => work(await open(database)),
    freeze: (databases, work) => freeze(open, databases, work),
    async backUp(database, place) {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      const draft = join(place, `.${COPY}.new`);
      rmSync(draft, { force: true });
      copyInto(pathOf(database), draft);
      renameSync(draft, join(place, COPY));
    },
    async restore(place, database) {
      const target = pathOf(database);
      if (existsSync(target)) throw databaseExists(database, target);
      const draft = `${target}.restoring`;
      rmSync(draft, { force: true });
      try {
        checkWhole(join(place, COPY));
        copyInto(join(place, COPY), draft);
        setWal(draft);
        linkSync(draft, target);
      } catch (error) {
        // A full disk says nothing about the backup.
        const isBackup =
          error instanceof IntegrityError || isDamaged(error) || !existsSync(join(place, COPY));
        throw isBackup ? damaged(place, error) : translateFileError(error, database);
      } finally {
        rmSync(draft, { force: true });
      }
    },
    async swap(database, fresh, aside) {
      for (const name of [database, fresh]) forget(name);
      exchange(database, { path: pathOf(database), fresh: pathOf(fresh), aside: pathOf(aside) });
    },
    async drop(database) {
      forget(database);
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${pathOf(database)}${suffix}`, { force: true });
    },
    // bd makes Dolt databases only, and every SQLite database was made by us in its final shape.
    planUpgrade: async (database) => upgradeSteps(await open(database)),
    upgrade: async (database) => upgradeSteps(await open(database)),
  };
}

async function upgradeSteps(database: Database): Promise<readonly string[]> {
  const [row] = await database.query('SELECT MAX(version) AS version FROM schema_migrations');
  if (row?.['version'] === SCHEMA_VERSION) return [];
  throw new RefusedError({
    code: 'store.schema-too-old',
    message: `database '${database.name}' is SQLite: only Dolt databases that bd made have older schemas`,
  });
}

/** The write locks of all of them, taken one inside the other. */
function freeze<T>(
  open: SqliteAdminOptions['open'],
  databases: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const [first, ...rest] = databases;
  if (first === undefined) return work();
  return open(first).then((database) => database.transaction(() => freeze(open, rest, work)));
}

/** A consistent copy at one moment, whoever writes meanwhile; without log files. */
function copyInto(from: string, to: string): void {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    source.prepare('VACUUM INTO ?').run(to);
  } finally {
    source.close();
  }
  chmodSync(to, 0o600);
}

class IntegrityError extends Error {}

function checkWhole(path: string): void {
  const copy = new DatabaseSync(path, { readOnly: true });
  try {
    const [row] = copy.prepare('PRAGMA integrity_check').all();
    if (row?.['integrity_check'] !== 'ok') throw new IntegrityError(String(row?.['integrity_check']));
  } finally {
    copy.close();
  }
}

function setWal(path: string): void {
  const copy = new DatabaseSync(path);
  copy.exec('PRAGMA journal_mode = WAL');
  copy.close();
}

/**
 * The file changes under its name in one step. First its log is folded into it, which succeeds only when nobody else
 * has it open: a log that stayed behind would be replayed into the new file.
 */
function exchange(
  database: string,
  files: { readonly path: string; readonly fresh: string; readonly aside: string },
): void {
  const old = existsSync(files.path)
    ? new DatabaseSync(files.path, { timeout: EXCLUSIVE_WAIT_MS })
    : undefined;
  try {
    if (old !== undefined) {
      foldLog(old, files);
      linkSync(files.path, files.aside);
    }
    renameOrUndo(files);
  } catch (error) {
    throw translateFileError(error, database);
  } finally {
    old?.close();
  }
}

/** A database in use must not have a second name: whoever opens it by that one writes into another log. */
function renameOrUndo(files: {
  readonly path: string;
  readonly fresh: string;
  readonly aside: string;
}): void {
  try {
    renameSync(files.fresh, files.path);
  } catch (error) {
    rmSync(files.aside, { force: true });
    throw error;
  }
}

/** What is too damaged to have its log folded in keeps it beside the file put aside. */
function foldLog(old: DatabaseSync, files: { readonly path: string; readonly aside: string }): void {
  try {
    old.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    if (!isDamaged(error)) throw error;
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(files.path + suffix)) renameSync(files.path + suffix, files.aside + suffix);
    }
  }
}

function damaged(place: string, cause: unknown): UnreadableError {
  return new UnreadableError({
    code: 'backup.damaged',
    message: `the backup in ${place} cannot be read: ${messageOf(cause)}`,
    hint: 'Choose another backup; nothing was changed',
    cause,
  });
}

function databaseExists(database: string, path: string): RefusedError {
  return new RefusedError({
    code: 'store.database-exists',
    message: `there is a database '${database}' already: ${path}`,
    hint: 'Choose another name',
  });
}
