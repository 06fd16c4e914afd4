import type { SqlRow } from '../../ports/store.ts';
import { mysqlStatement } from '../sql-schema/mysql-ddl.ts';
import { insertStatement, seedRows, type SeedFacts, type SeedRows } from '../sql-schema/seed.ts';
import { ledgerTables, unversionedPatterns } from '../sql-schema/tables.ts';
import { viewStatements } from '../sql-schema/views.ts';
import { isMissingTable } from './errors.ts';
import { readDatabases } from './facts.ts';
import { releaseLock, takeLock } from './graph-lock.ts';
import type { PinnedConnection } from './pool.ts';

export interface BootstrapRequest {
  readonly database: string;
  readonly facts: SeedFacts;
  /** `name <email>` of the version commit. */
  readonly author: string;
}

/**
 * Makes the database in its final shape and one version commit, under the lock that bd takes for the same work.
 * Every step can be repeated: a bootstrap that was cut off is finished by the next; a finished one is left alone.
 */
export async function bootstrapDatabase(
  connection: PinnedConnection,
  request: BootstrapRequest,
): Promise<void> {
  const lock = `bd_schema_init:${request.database}`;
  await takeLock(connection, lock);
  try {
    const databases = await readDatabases(connection);
    const isNew = !databases.includes(request.database);
    if (isNew) await connection.run(`CREATE DATABASE IF NOT EXISTS \`${request.database}\``);
    await connection.run(`USE \`${request.database}\``);
    if (isNew || (await isUnfinished(connection))) await fill(connection, request);
  } finally {
    await releaseLock(connection, lock);
    // The pool does not know that USE changed the session.
    connection.discard();
  }
}

/**
 * Only a database whose single version is its empty first one may be filled: anything else holds somebody's
 * work, and what is missing there is a matter of upgrade, not of bootstrap.
 */
export async function isUnfinished(connection: PinnedConnection): Promise<boolean> {
  const [versions] = await connection.query('SELECT COUNT(*) AS total FROM dolt_log');
  if (versions?.['total'] !== 1) return false;
  const [row] = await highestVersion(connection);
  return row === undefined || row['version'] === null || (await hasUncommittedTables(connection));
}

async function highestVersion(connection: PinnedConnection): Promise<readonly SqlRow[]> {
  try {
    return await connection.query('SELECT MAX(version) AS version FROM schema_migrations');
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw error;
  }
}

async function hasUncommittedTables(connection: PinnedConnection): Promise<boolean> {
  const [row] = await connection.query(
    "SELECT COUNT(*) AS total FROM dolt_status WHERE status = 'new table'",
  );
  return row?.['total'] !== 0;
}

async function fill(connection: PinnedConnection, request: BootstrapRequest): Promise<void> {
  // First, so that no unversioned table is ever staged. Dolt silently drops the first INSERT IGNORE into this
  // system table (1.88.1, while reporting rows), so it must be REPLACE.
  const ignored = unversionedPatterns.map((pattern) => [pattern, 1]);
  const patterns = { table: 'dolt_ignore', columns: ['pattern', 'ignored'], rows: ignored };
  await insertAll(connection, patterns, 'REPLACE');
  for (const table of ledgerTables) await connection.run(mysqlStatement(table));
  for (const view of viewStatements('UTC_TIMESTAMP()')) {
    await connection.run(view.replace('CREATE VIEW', 'CREATE OR REPLACE VIEW'));
  }
  for (const seed of seedRows(request.facts)) await insertAll(connection, seed, 'INSERT IGNORE');
  await connection.query("CALL DOLT_COMMIT('-Am', ?, '--author', ?)", [
    'schema: create the ledger',
    request.author,
  ]);
}

async function insertAll(
  connection: PinnedConnection,
  rows: SeedRows,
  verb: 'INSERT IGNORE' | 'REPLACE',
): Promise<void> {
  const { sql, values } = insertStatement(rows, verb);
  await connection.run(sql, values);
}
