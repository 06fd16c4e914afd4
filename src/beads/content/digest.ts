import { createHash } from 'node:crypto';
import type { SqlSession } from '../../ports/store.ts';
import type { TableShape } from '../../ports/store-admin.ts';
import { canonicalValue, readPages } from './rows.ts';

/** What is in a table, in few words. */
export interface TableDigest {
  readonly rows: number;
  /** SHA-256 hex over all rows in the order of their key; the same on either engine. */
  readonly sha256: string;
}

export type DatabaseDigest = Readonly<Record<string, TableDigest>>;

/** Row counts and content hashes of all tables. */
export async function digestDatabase(
  sql: SqlSession,
  tables: readonly TableShape[],
): Promise<DatabaseDigest> {
  const digests: [string, TableDigest][] = [];
  for (const table of tables) digests.push([table.name, await digestTable(sql, table)]);
  return Object.fromEntries(digests);
}

async function digestTable(sql: SqlSession, table: TableShape): Promise<TableDigest> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const page of readPages(sql, table)) {
    rows += page.length;
    for (const row of page) {
      const values = row.map((value, place) => {
        const column = table.columns[place];
        return column === undefined ? null : canonicalValue(column, value);
      });
      hash.update(`${JSON.stringify(values)}\n`);
    }
  }
  return { rows, sha256: hash.digest('hex') };
}

/** The tables that differ, with both row counts: `issues (12 rows, 11 rows)`; none = the same content. */
export function differingTables(left: DatabaseDigest, right: DatabaseDigest): readonly string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => left[name]?.sha256 !== right[name]?.sha256)
    .map((name) => `${name} (${left[name]?.rows ?? 0} rows, ${right[name]?.rows ?? 0} rows)`);
}

export function totalRows(digest: DatabaseDigest): number {
  return Object.values(digest).reduce((sum, table) => sum + table.rows, 0);
}
