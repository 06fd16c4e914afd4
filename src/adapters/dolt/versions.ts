import { RefusedError } from '../../core/errors.ts';
import type { SqlValue } from '../../ports/store.ts';
import type { StoreVersions } from '../../ports/store-versions.ts';
import { checkDatabaseName } from '../sql/database-name.ts';
import { databaseExists } from './admin.ts';
import { translateError } from './errors.ts';
import { readDatabases } from './facts.ts';
import { failureKind } from './failures.ts';
import { graphLockName, releaseLock, takeLock } from './graph-lock.ts';
import type { DoltLink } from './link.ts';
import { pullInto } from './pull.ts';
import type { PinnedConnection } from './pool.ts';

/** A remote may be far away and a history long. */
const EXCHANGE_TIMEOUT_MS = 300_000;
const BRANCH = 'main';

export function createDoltVersions(link: DoltLink): StoreVersions {
  const on = async <T>(
    database: string | undefined,
    work: (connection: PinnedConnection) => Promise<T>,
  ): Promise<T> => {
    if (database !== undefined) checkDatabaseName(database);
    try {
      return await link.withConnection(database, work);
    } catch (error) {
      throw translateError(error, link.label, database ?? '');
    }
  };
  const call = (database: string, sql: string, values: readonly SqlValue[]): Promise<unknown> =>
    on(database, (connection) => connection.query(sql, values));
  return {
    status: (database) => on(database, readStatus),
    branches: (database) =>
      on(database, async (connection) => namesIn(connection, 'SELECT name FROM dolt_branches ORDER BY name')),
    createBranch: async (database, name) => void (await call(database, 'CALL DOLT_BRANCH(?)', [plain(name)])),
    remotes: (database) =>
      on(database, async (connection) => {
        const rows = await connection.query('SELECT name, url FROM dolt_remotes ORDER BY name');
        return rows.map((row) => ({ name: String(row['name']), url: String(row['url']) }));
      }),
    addRemote: async (database, { name, url }) =>
      void (await call(database, "CALL DOLT_REMOTE('add', ?, ?)", [plain(name), plain(url)])),
    removeRemote: async (database, name) =>
      void (await call(database, "CALL DOLT_REMOTE('remove', ?)", [plain(name)])),
    push: (database, { remote, user, mode }) =>
      on(database, (connection) =>
        locked(connection, `gt_push:${database}`, async () => {
          const words = [...userWords(user), ...(mode === 'force' ? ['--force'] : []), plain(remote), BRANCH];
          const sql = `CALL DOLT_PUSH(${words.map(() => '?').join(', ')})`;
          const [row] = await connection.query(sql, words, EXCHANGE_TIMEOUT_MS);
          return String(row?.['message'] ?? '');
        }),
      ),
    pull: (database, { remote, user, winner, around }) =>
      on(database, (connection) =>
        locked(connection, graphLockName(database), () =>
          pullInto(connection, {
            words: [...userWords(user), plain(remote), BRANCH],
            remote,
            winner,
            around,
            timeoutMs: EXCHANGE_TIMEOUT_MS,
          }),
        ),
      ),
    async clone(url, database, user) {
      checkDatabaseName(database);
      await on(undefined, async (connection) => {
        if ((await readDatabases(connection)).includes(database)) throw databaseExists(database);
        const words = [...userWords(user), plain(url), database];
        const sql = `CALL DOLT_CLONE(${words.map(() => '?').join(', ')})`;
        await connection.query(sql, words, EXCHANGE_TIMEOUT_MS);
      });
    },
  };
}

async function readStatus(connection: PinnedConnection) {
  const [row] = await connection.query(
    "SELECT active_branch() AS branch, HASHOF('HEAD') AS head, dolt_version() AS server",
  );
  return {
    branch: String(row?.['branch'] ?? ''),
    head: String(row?.['head'] ?? ''),
    server: String(row?.['server'] ?? ''),
    changed: await namesIn(connection, 'SELECT DISTINCT table_name AS name FROM dolt_status ORDER BY name'),
  };
}

async function namesIn(connection: PinnedConnection, sql: string): Promise<readonly string[]> {
  return (await connection.query(sql)).map((row) => String(row['name']));
}

async function locked<T>(connection: PinnedConnection, lock: string, work: () => Promise<T>): Promise<T> {
  await takeLock(connection, lock);
  try {
    return await work();
  } catch (error) {
    // Its answer may still come; ending the connection frees the lock as well.
    if (failureKind(error) === 'connection') connection.discard();
    throw error;
  } finally {
    await releaseLock(connection, lock).catch(() => connection.discard());
  }
}

/** These procedures take their options as words among the others. */
function plain(word: string): string {
  if (word !== '' && !word.startsWith('-')) return word;
  throw new RefusedError({
    code: 'versions.bad-name',
    message: `'${word.slice(0, 80)}' cannot name a branch or a remote`,
    hint: 'Use a name that does not begin with -',
  });
}

function userWords(user: string | undefined): readonly string[] {
  return user === undefined ? [] : ['--user', plain(user)];
}
