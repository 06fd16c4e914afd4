import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { RefusedError, UnreadableError, messageOf } from '../../core/errors.ts';
import type { StoreAdmin } from '../../ports/store-admin.ts';
import { checkDatabaseName } from '../sql/database-name.ts';
import { checkIdentity, type ProjectIdOf } from '../sql/identity.ts';
import { strangeNames, tableShapes } from '../sql-schema/shapes.ts';
import { notALedger } from '../sql-schema/versions.ts';
import { isMissingTable, translateError } from './errors.ts';
import { readDatabases } from './facts.ts';
import { graphLockName, releaseLock, takeLock } from './graph-lock.ts';
import type { DoltLink } from './link.ts';
import type { PinnedConnection } from './pool.ts';
import { planUpgrade, upgradeDatabase } from './upgrade/run.ts';

/** Copying a whole database takes as long as it takes. */
const COPY_TIMEOUT_MS = 3_600_000;
const KEEP_ALIVE_MS = 5000;

export interface DoltAdminOptions {
  /** `name <email>` of version commits. */
  readonly author: string;
  readonly projectIdOf: ProjectIdOf | undefined;
}

export function createDoltAdmin(link: DoltLink, { author, projectIdOf }: DoltAdminOptions): StoreAdmin {
  const on = async <T>(database: string, work: (connection: PinnedConnection) => Promise<T>): Promise<T> => {
    checkDatabaseName(database);
    try {
      return await link.withConnection(database, work);
    } catch (error) {
      throw translateError(error, link.label, database);
    }
  };
  /** An older database cannot be opened, so nobody has asked yet whether it is the one that is meant. */
  const onMeant = <T>(database: string, work: (connection: PinnedConnection) => Promise<T>): Promise<T> =>
    on(database, async (connection) => {
      const found = await readProjectId(connection, database);
      checkIdentity(database, await projectIdOf?.(database), found);
      return work(connection);
    });
  return {
    tables: tableShapes,
    strangeTables: (database) =>
      on(database, async (connection) => {
        const rows = await connection.query("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'");
        return strangeNames(rows.map((row) => String(Object.values(row)[0])));
      }),
    session: on,
    freeze: (databases, work) => freeze(link, databases, work),
    backUp: (database, place) =>
      on(database, async (connection) => {
        // The server writes the copy, so this is a folder of the server's machine.
        mkdirSync(place, { recursive: true, mode: 0o700 });
        await connection.query('CALL DOLT_BACKUP(?, ?)', ['sync-url', fileUrl(place)], COPY_TIMEOUT_MS);
      }),
    restore: (place, database) => restoreCopy(link, place, database),
    async swap(database, fresh) {
      throw new RefusedError({
        code: 'restore.server',
        message: `the server at ${link.label} is not started by gt: it has the backup as '${fresh}', checked`,
        hint: `Stop that server, rename its folder '${database}' away and '${fresh}' to '${database}', start it again`,
      });
    },
    async drop(database) {
      checkDatabaseName(database);
      await link.withConnection(undefined, async (connection) => {
        await connection.run(`DROP DATABASE IF EXISTS \`${database}\``);
        connection.discard();
      });
    },
    planUpgrade: (database) => onMeant(database, (connection) => planUpgrade(connection, database)),
    upgrade: (database, finish) =>
      onMeant(database, (connection) => upgradeDatabase(connection, { database, author, finish })),
  };
}

async function restoreCopy(link: DoltLink, place: string, database: string): Promise<void> {
  checkDatabaseName(database);
  await link.withConnection(undefined, async (connection) => {
    if ((await readDatabases(connection)).includes(database)) throw databaseExists(database);
    try {
      const words = ['restore', fileUrl(place), database];
      await connection.query('CALL DOLT_BACKUP(?, ?, ?)', words, COPY_TIMEOUT_MS);
    } catch (error) {
      throw damaged(place, error);
    }
  });
}

async function readProjectId(connection: PinnedConnection, database: string): Promise<string | undefined> {
  try {
    const [row] = await connection.query("SELECT value FROM metadata WHERE `key` = '_project_id'");
    return typeof row?.['value'] === 'string' ? row['value'] : undefined;
  } catch (error) {
    throw isMissingTable(error) ? notALedger(database) : error;
  }
}

/** All graph locks on one connection, so that a town of many rigs does not use the pool up. */
function freeze<T>(link: DoltLink, databases: readonly string[], work: () => Promise<T>): Promise<T> {
  const locks = databases.map(graphLockName);
  return link.withConnection(undefined, async (connection) => {
    // The server drops an idle session, and with it the locks.
    const alive = setInterval(() => void connection.query('SELECT 1').catch(() => undefined), KEEP_ALIVE_MS);
    try {
      for (const lock of locks) await takeLock(connection, lock);
      return await work();
    } finally {
      clearInterval(alive);
      // Ending the connection frees them too; work may have stopped the server.
      await Promise.all(locks.map((lock) => releaseLock(connection, lock))).catch(() => connection.discard());
    }
  });
}

function fileUrl(place: string): string {
  return pathToFileURL(place).href;
}

function damaged(place: string, cause: unknown): UnreadableError {
  return new UnreadableError({
    code: 'backup.damaged',
    message: `the backup in ${place} cannot be restored: ${messageOf(cause)}`,
    hint: 'Choose another backup; nothing was changed',
    cause,
  });
}

export function databaseExists(database: string): RefusedError {
  return new RefusedError({
    code: 'store.database-exists',
    message: `there is a database '${database}' already`,
    hint: 'Choose another name',
  });
}
