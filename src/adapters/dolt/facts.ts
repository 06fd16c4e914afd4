import type { SqlRow } from '../../ports/store.ts';
import type { DoltServerFacts } from '../../ports/dolt-probe.ts';
import type { PinnedConnection } from './pool.ts';

const SYSTEM_DATABASES = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

/** What a server says of itself; the id alone does not tell the servers of one user apart. */
export interface AnsweredFacts extends DoltServerFacts {
  readonly serverId: string;
  /** Whether its sessions commit by themselves and tell times in UTC. */
  readonly isSetUp: boolean;
}

/** Exact names: LIKE would take `_` for a wildcard. */
export async function readDatabases(connection: PinnedConnection): Promise<readonly string[]> {
  return databaseNames(await connection.query('SHOW DATABASES'), 'Database');
}

/** One query, for it is asked at every start. Throws when the server is no Dolt server. */
export async function readServerFacts(connection: PinnedConnection): Promise<AnsweredFacts> {
  const rows = await connection.query(
    'SELECT schema_name AS name, @@server_uuid AS id, @@datadir AS data_dir, dolt_version() AS version,' +
      ' @@autocommit AS autocommit, @@time_zone AS zone, @@system_time_zone AS system_zone' +
      ' FROM information_schema.schemata',
  );
  return {
    serverId: String(rows[0]?.['id'] ?? ''),
    dataDir: String(rows[0]?.['data_dir'] ?? ''),
    databases: databaseNames(rows, 'name'),
    isSetUp: isSetUp(rows[0]),
  };
}

function isSetUp(row: SqlRow | undefined): boolean {
  const zone = row?.['zone'] === 'SYSTEM' ? row['system_zone'] : row?.['zone'];
  return Number(row?.['autocommit']) === 1 && (zone === 'UTC' || zone === '+00:00');
}

function databaseNames(rows: readonly SqlRow[], column: string): readonly string[] {
  return rows
    .map((row) => String(row[column]))
    .filter((name) => !SYSTEM_DATABASES.has(name))
    .sort();
}
