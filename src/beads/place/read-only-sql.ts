import { UsageError } from '../../core/errors.ts';
import type { Database, SqlRow } from '../../ports/store.ts';

/** Carries the rows out of a transaction that is always rolled back. */
class Rows extends Error {
  readonly rows: readonly SqlRow[];

  constructor(rows: readonly SqlRow[]) {
    super('rolled back on purpose');
    this.rows = rows;
  }
}

/* Texts, quoted names and comments: what is in them is no statement. MySQL does run what is in a comment that begins with `!`. */
const QUOTED = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|\/\*(?!!).*?\*\/|(?:--|#)[^\n]*/gs;
/* Writes a file on the server's machine, which no rollback takes back. */
const WRITES_FILE = /\binto\s+(?:outfile|dumpfile)\b/i;

/**
 * Runs one statement that a person typed. Only statements that read are accepted, and whatever one of them does all
 * the same is rolled back. Throws UsageError `beads.sql-writes`, store errors.
 */
export async function readOnly(database: Database, statement: string): Promise<readonly SqlRow[]> {
  const reads = /^\s*(?:select|with|show|explain|describe|desc|values)\b/i.test(statement);
  const bare = statement.replaceAll(QUOTED, ' ');
  if (!reads || WRITES_FILE.test(bare)) {
    throw new UsageError({
      code: 'beads.sql-writes',
      message:
        'bd sql only reads: the statement must begin with SELECT, WITH, SHOW or EXPLAIN, and not write INTO a file',
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
