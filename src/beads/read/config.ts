import { text } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';

/** All config rows of the database. */
export async function readConfig(scope: LedgerScope): Promise<ReadonlyMap<string, string>> {
  const rows = await scope.sql.query('SELECT `key`, value FROM config ORDER BY `key`');
  return new Map(rows.map((row) => [text(row, 'key'), text(row, 'value')]));
}
