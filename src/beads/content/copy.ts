import type { Database, SqlSession, SqlValue } from '../../ports/store.ts';
import type { ColumnShape, TableShape } from '../../ports/store-admin.ts';
import { columnTime, quoted, readPages } from './rows.ts';

const BATCH_ROWS = 200;
const BATCH_CHARS = 1_000_000;

/** Makes every table of `target` hold exactly what `source` holds; what the target held before is gone. */
export async function copyDatabase(
  source: SqlSession,
  target: Database,
  tables: readonly TableShape[],
): Promise<void> {
  await target.transaction(async (sql) => {
    for (const table of tables.toReversed()) await sql.run(`DELETE FROM ${quoted(table.name)}`);
  });
  for (const table of tables) {
    for await (const page of readPages(source, table)) {
      await target.transaction((sql) => insertRows(sql, table, page));
    }
  }
}

async function insertRows(
  sql: SqlSession,
  table: TableShape,
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  const columns = table.columns.map(({ name }) => quoted(name)).join(', ');
  const row = `(${table.columns.map(placeholder).join(', ')})`;
  for (const batch of inBatches(rows)) {
    const values = batch.flatMap((cells) => cells.map((cell, place) => written(table.columns[place], cell)));
    await sql.run(
      `INSERT INTO ${quoted(table.name)} (${columns}) VALUES ${batch.map(() => row).join(', ')}`,
      values,
    );
  }
}

function placeholder({ kind }: ColumnShape): string {
  return kind === 'blob' ? 'UNHEX(?)' : '?';
}

function written(column: ColumnShape | undefined, value: SqlValue): SqlValue {
  return column?.kind === 'time' && value !== null ? columnTime(value) : value;
}

/** Few enough rows and short enough texts for one statement. */
function* inBatches(rows: readonly (readonly SqlValue[])[]): Generator<readonly (readonly SqlValue[])[]> {
  let batch: (readonly SqlValue[])[] = [];
  let chars = 0;
  for (const row of rows) {
    batch.push(row);
    for (const value of row) chars += typeof value === 'string' ? value.length : 8;
    if (batch.length < BATCH_ROWS && chars < BATCH_CHARS) continue;
    yield batch;
    batch = [];
    chars = 0;
  }
  if (batch.length > 0) yield batch;
}
