import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NotFoundError, RefusedError, messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Store, StoreHealth } from '../../ports/store.ts';
import { checkDatabaseName } from '../sql/database-name.ts';
import type { ProjectIdOf } from '../sql/identity.ts';
import { OPEN_CHECK_SQL, checkOpened } from '../sql/open-check.ts';
import { notALedger } from '../sql-schema/versions.ts';
import { bootstrapFile } from './bootstrap.ts';
import { openSqliteDatabase, type SqliteDatabase } from './database.ts';
import { isMissingTable, translateFileError } from './errors.ts';

export interface SqliteStoreOptions {
  /** Folder of the `<database>.db` files; made with the first database. */
  readonly dir: string;
  readonly clock: Clock;
  /** What the files beside the store say about a database's identity; absent = not checked at open. */
  readonly projectIdOf?: ProjectIdOf;
  /** Open newer schemas at the user's own risk. */
  readonly ignoreSchemaSkew?: boolean;
  /** `none` skips every fsync: for throw-away stores of tests. Default `full`. */
  readonly durability?: 'full' | 'none';
  /** How long a transaction waits for writers of other processes. Default 30 s. */
  readonly lockWaitMs?: number;
}

/** The town's ledger in SQLite files, one per database. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const open = new Map<string, SqliteDatabase>();
  const pathOf = (name: string) => join(options.dir, `${name}.db`);

  async function openNamed(name: string): Promise<Database> {
    checkDatabaseName(name);
    const known = open.get(name);
    if (known !== undefined) return known;
    const path = pathOf(name);
    if (!existsSync(path)) throw noDatabase(name, path);
    const database = openSqliteDatabase({
      name,
      path,
      clock: options.clock,
      durability: options.durability ?? 'full',
      lockWaitMs: options.lockWaitMs ?? 30_000,
    });
    let prefix: string;
    try {
      prefix = await verify(database, options);
    } catch (error) {
      database.close();
      throw error;
    }
    // Two opens at once may both get here: the first one stays.
    const winner = open.get(name);
    if (winner !== undefined) {
      database.close();
      return winner;
    }
    const opened = { ...database, prefix };
    open.set(name, opened);
    return opened;
  }

  return {
    kind: 'sqlite',
    list: async () => listDatabases(options.dir),
    open: openNamed,
    async create(name, identity) {
      checkDatabaseName(name);
      if (!existsSync(pathOf(name))) {
        const now = new Date(options.clock.now()).toISOString();
        build(name, () =>
          bootstrapFile(
            pathOf(name),
            { identity, random: randomBytes(24), now },
            options.durability ?? 'full',
          ),
        );
      }
      return openNamed(name);
    },
    health: async () => readHealth(options.dir),
    // SQLite files have no version history.
    commitVersion: async () => undefined,
    async admin() {
      const { createSqliteAdmin } = await import('./admin.ts');
      return createSqliteAdmin({ pathOf, open: openNamed, forget: (name) => closeNamed(open, [name]) });
    },
    versions: () => Promise.reject(noVersions()),
    close: async () => closeNamed(open, [...open.keys()]),
  };
}

function closeNamed(open: Map<string, SqliteDatabase>, names: readonly string[]): void {
  for (const name of names) {
    open.get(name)?.close();
    open.delete(name);
  }
}

/** @returns its prefix */
async function verify(database: Omit<Database, 'prefix'>, options: SqliteStoreOptions): Promise<string> {
  const projectId = await options.projectIdOf?.(database.name);
  try {
    const [row] = await database.query(OPEN_CHECK_SQL);
    return checkOpened(database.name, row, { projectId, ignoreSkew: options.ignoreSchemaSkew === true });
  } catch (error) {
    throw isMissingTable(error) ? notALedger(database.name) : error;
  }
}

function build(name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw translateFileError(error, name);
  }
}

function listDatabases(dir: string): readonly string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((file) => file.endsWith('.db') && !file.startsWith('.'))
    .map((file) => file.slice(0, -'.db'.length))
    .sort();
}

function readHealth(dir: string): StoreHealth {
  const base = { kind: 'sqlite', location: dir } as const;
  try {
    if (!existsSync(dir)) return { ...base, ok: false, error: 'the folder does not exist', databases: [] };
    return { ...base, ok: true, databases: listDatabases(dir) };
  } catch (error) {
    return { ...base, ok: false, error: messageOf(error), databases: [] };
  }
}

function noDatabase(name: string, path: string): NotFoundError {
  return new NotFoundError({
    code: 'store.no-database',
    message: `there is no database '${name}': ${path} does not exist`,
    hint: 'Run: gt rig list',
  });
}

function noVersions(): RefusedError {
  return new RefusedError({
    code: 'store.no-versions',
    message: 'history, branches and remotes need the Dolt store; this ledger is kept in SQLite files',
    hint: 'A town can change to it: gt store migrate --to dolt',
  });
}
