import type { SqlRow } from '../../../ports/store.ts';
import { isMissingTable } from '../errors.ts';
import type { PinnedConnection } from '../pool.ts';

/** A database as it is, as far as an upgrade asks. */
export interface FoundSchema {
  readonly schema: number | null;
  readonly unversioned: number | null;
  /** What bd 1.0.0 and older count in a row of `config` instead. */
  readonly counted: number | null;
  readonly tables: ReadonlyMap<string, FoundTable>;
  /** Patterns of `dolt_ignore` that are in force. */
  readonly ignored: ReadonlySet<string>;
  readonly nonlocalTables: number;
  readonly oldViews: boolean;
  /** Agents, rigs, roles and messages in `issues`. */
  readonly infraIssues: number;
  readonly autoPushKeys: number;
}

export interface FoundTable {
  readonly columns: readonly FoundColumn[];
  readonly indexes: ReadonlySet<string>;
  /** Names; a foreign key that does not cascade updates is left out. */
  readonly constraints: ReadonlySet<string>;
}

export interface FoundColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
}

export const INFRA_TYPES = "('agent', 'rig', 'role', 'message')";

export async function readFoundSchema(connection: PinnedConnection, database: string): Promise<FoundSchema> {
  const tables = await readTables(connection, database);
  const single = async (sql: string): Promise<number | null> => {
    try {
      const [row] = await connection.query(sql);
      const n = row?.['n'] ?? null;
      return n === null ? null : Number(n);
    } catch (error) {
      if (isMissingTable(error)) return null;
      throw error;
    }
  };
  const ignored = await connection.query('SELECT pattern FROM dolt_ignore WHERE ignored = 1');
  const views = await connection.query(
    'SELECT view_definition AS text FROM information_schema.views WHERE table_schema = ?',
    [database],
  );
  return {
    schema: await single('SELECT MAX(version) AS n FROM schema_migrations'),
    unversioned: await single('SELECT MAX(version) AS n FROM ignored_schema_migrations'),
    counted: await single("SELECT value AS n FROM config WHERE `key` = 'schema_version'"),
    tables,
    ignored: new Set(ignored.map((row) => textOf(row, 'pattern'))),
    nonlocalTables: (await single('SELECT COUNT(*) AS n FROM dolt_nonlocal_tables')) ?? 0,
    oldViews: views.length < 2 || views.some((row) => /\bdepends_on_id\b/.test(textOf(row, 'text'))),
    infraIssues: (await single(`SELECT COUNT(*) AS n FROM issues WHERE issue_type IN ${INFRA_TYPES}`)) ?? 0,
    autoPushKeys:
      (await single("SELECT COUNT(*) AS n FROM metadata WHERE LEFT(`key`, 15) = 'dolt_auto_push_'")) ?? 0,
  };
}

async function readTables(
  connection: PinnedConnection,
  database: string,
): Promise<ReadonlyMap<string, FoundTable>> {
  const ask = (sql: string) => connection.query(sql, [database]);
  const columns = await ask(
    `SELECT table_name AS t, column_name AS name, column_type AS type, is_nullable AS nullable
      FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position`,
  );
  const indexes = await ask(
    'SELECT DISTINCT table_name AS t, index_name AS name FROM information_schema.statistics WHERE table_schema = ?',
  );
  const keys = await ask(
    `SELECT table_name AS t, constraint_name AS name FROM information_schema.referential_constraints
      WHERE constraint_schema = ? AND update_rule = 'CASCADE'`,
  );
  const checks = await ask(
    `SELECT table_name AS t, constraint_name AS name FROM information_schema.table_constraints
      WHERE table_schema = ? AND constraint_type = 'CHECK'`,
  );
  const of = (rows: readonly SqlRow[], table: string) => rows.filter((row) => textOf(row, 't') === table);
  const names = (rows: readonly SqlRow[], table: string) =>
    new Set(of(rows, table).map((row) => textOf(row, 'name')));
  return new Map(
    [...new Set(columns.map((row) => textOf(row, 't')))].map((table) => [
      table,
      {
        columns: of(columns, table).map((row) => ({
          name: textOf(row, 'name'),
          type: textOf(row, 'type').toLowerCase(),
          notNull: textOf(row, 'nullable') === 'NO',
        })),
        indexes: names(indexes, table),
        constraints: names([...keys, ...checks], table),
      },
    ]),
  );
}

function textOf(row: SqlRow, name: string): string {
  return String(row[name] ?? '');
}
