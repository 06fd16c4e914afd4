import type { SqlRow, SqlSession } from '../../ports/store.ts';
import { batches, placeholders } from './conditions.ts';

/** Placeholders of one statement; both engines take more. */
const MOST_VALUES = 2000;

/** Inserts rows of the same columns, many in one statement: each costs a turn to the server. */
export async function insertRows(sql: SqlSession, table: string, rows: readonly SqlRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const size = Math.max(1, Math.floor(MOST_VALUES / Math.max(1, columns.length)));
  for (const batch of batches(rows, size)) {
    const each = `(${placeholders(columns.length)})`;
    await sql.run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${batch.map(() => each).join(', ')}`,
      batch.flatMap((row) => columns.map((column) => row[column] ?? null)),
    );
  }
}
