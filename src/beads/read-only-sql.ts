import { UsageError } from '../core/errors.ts';
import type { Database, SqlRow } from '../ports/store.ts';

/** Carries the rows out of a transaction that is always rolled back. */
class Rows extends Error {
  readonly rows: readonly SqlRow[];

  constructor(rows: readonly SqlRow[]) {
    super('rolled back on purpose');
    this.rows = rows;
  }
}

/**
 * Runs one statement that a person typed. Only statements that read are accepted, and whatever one of them does all
 * the same is rolled back. Throws UsageError `beads.sql-writes`, store errors.
 */
export async function readOnly(database: Database, statement: string): Promise<readonly SqlRow[]> {
  if (!/^\s*(?:select|with|show|explain|describe|desc|values)\b/i.test(statement)) {
    throw new UsageError({
      code: 'beads.sql-writes',
      message: 'bd sql only reads: the statement must begin with SELECT, WITH, SHOW or EXPLAIN',
    });
  }
  try {
    return await database.transaction<never>(async (sql) => {
      throw new Rows(await sql.query(statement));
    });
  } catch (error) {
    if (error instanceof Rows) return error.rows;
    throw error;
  }
}
