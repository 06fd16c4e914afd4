import type { SqlRow } from '../../ports/store.ts';
import type { DoltServerFacts } from '../../ports/dolt-probe.ts';
import type { PinnedConnection } from './pool.ts';

const SYSTEM_DATABASES = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

/** What a server says of itself; the id alone does not tell the servers of one user apart. */
export interface AnsweredFacts extends DoltServerFacts {
  readonly serverId: string;
}

/** Exact names: LIKE would take `_` for a wildcard. */
export async function readDatabases(connection: PinnedConnection): Promise<readonly string[]> {
  return databaseNames(await connection.query('SHOW DATABASES'), 'Database');
}

/** One query, for it is asked at every start. Throws when the server is no Dolt server. */
export async function readServerFacts(connection: PinnedConnection): Promise<AnsweredFacts> {
  const rows = await connection.query(
    'SELECT schema_name AS name, @@server_uuid AS id, @@datadir AS data_dir, dolt_version() AS version' +
      ' FROM information_schema.schemata',
  );
  return {
    serverId: String(rows[0]?.['id'] ?? ''),
    dataDir: String(rows[0]?.['data_dir'] ?? ''),
    databases: databaseNames(rows, 'name'),
  };
}

function databaseNames(rows: readonly SqlRow[], column: string): readonly string[] {
  return rows
    .map((row) => String(row[column]))
    .filter((name) => !SYSTEM_DATABASES.has(name))
    .sort();
}
