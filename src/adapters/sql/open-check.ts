import type { SqlRow } from '../../ports/store.ts';
import { checkVersions, notALedger } from '../sql-schema/versions.ts';
import { checkIdentity } from './identity.ts';

/** One row with all that `checkOpened` needs; fails with "no such table" on a database that is no ledger. */
export const OPEN_CHECK_SQL =
  'SELECT (SELECT MAX(version) FROM schema_migrations) AS schema_version,' +
  ' (SELECT MAX(version) FROM ignored_schema_migrations) AS unversioned,' +
  " (SELECT value FROM metadata WHERE `key` = '_project_id') AS project_id," +
  " (SELECT value FROM config WHERE `key` = 'issue_prefix') AS prefix";

export interface OpenExpectation {
  readonly projectId: string | undefined;
  readonly ignoreSkew: boolean;
}

/** The prefix. Throws unless the row shows our schema (see `checkVersions`) and the expected project. */
export function checkOpened(database: string, row: SqlRow | undefined, expected: OpenExpectation): string {
  if (row === undefined) throw notALedger(database);
  checkVersions(
    database,
    { schema: version(row['schema_version']), unversioned: version(row['unversioned']) },
    { ignoreSkew: expected.ignoreSkew },
  );
  const found = row['project_id'];
  checkIdentity(database, expected.projectId, typeof found === 'string' ? found : undefined);
  return String(row['prefix'] ?? '');
}

function version(value: SqlRow[string] | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
