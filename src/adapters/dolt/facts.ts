import type { DoltServerFacts } from '../../ports/dolt-probe.ts';
import type { PinnedConnection } from './pool.ts';

const SYSTEM_DATABASES = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

/** Exact names: LIKE would take `_` for a wildcard. */
export async function readDatabases(connection: PinnedConnection): Promise<readonly string[]> {
  const rows = await connection.query('SHOW DATABASES');
  return rows
    .map((row) => String(row['Database']))
    .filter((name) => !SYSTEM_DATABASES.has(name))
    .sort();
}

/** What the server says about itself. Throws when it is no Dolt server. */
export async function readServerFacts(connection: PinnedConnection): Promise<DoltServerFacts> {
  const [row] = await connection.query('SELECT @@datadir AS data_dir, dolt_version() AS version');
  return { dataDir: String(row?.['data_dir'] ?? ''), databases: await readDatabases(connection) };
}
