import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqlRow, SqlValue } from '../../ports/store.ts';

/** One open file handle. All calls block: they are short, and the file is local. */
export interface Connection {
  query(sql: string, values: readonly SqlValue[]): readonly SqlRow[];
  run(sql: string, values: readonly SqlValue[]): number;
  exec(sql: string): void;
  readonly inTransaction: boolean;
  close(): void;
}

export interface ConnectionOptions {
  readonly path: string;
  readonly access: 'read' | 'write';
  /** `none` skips every fsync: for throw-away databases of tests. */
  readonly durability: 'full' | 'none';
}

/** A reader waits this long for a lock in SQLite itself. Never 0: even readers meet locks while others close. */
const READER_TIMEOUT_MS = 5000;
/** A writer blocks only this long at a time; the longer wait is ours, between attempts, and fair. */
const WRITER_TIMEOUT_MS = 2;
const MAX_STATEMENTS = 256;

/** Opens an existing file; never creates one. Throws what node:sqlite throws. */
export function openConnection(options: ConnectionOptions): Connection {
  const isReader = options.access === 'read';
  // `mode=rw` also for readers: a read-only handle cannot recover the log that a killed writer left.
  const database = new DatabaseSync(`${fileUrl(options.path)}?mode=rw`, {
    timeout: isReader ? READER_TIMEOUT_MS : WRITER_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
  });
  database.exec(pragmas(options));
  return wrap(database);
}

function pragmas(options: ConnectionOptions): string {
  return [
    `PRAGMA synchronous = ${options.durability === 'full' ? 'FULL' : 'OFF'}`,
    'PRAGMA case_sensitive_like = ON',
    ...(options.access === 'read' ? ['PRAGMA query_only = ON'] : []),
  ].join(';');
}

function fileUrl(path: string): string {
  return `file:${path.split('/').map(encodeURIComponent).join('/')}`;
}

function wrap(database: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const [oldest] = statements.keys();
    if (statements.size >= MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest);
    const made = database.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return {
    query: (sql, values) => readRows(prepare(sql), values),
    run: (sql, values) => Number(prepare(sql).run(...values).changes),
    exec: (sql) => database.exec(sql),
    get inTransaction() {
      return database.isTransaction;
    },
    close: () => database.close(),
  };
}

function readRows(statement: StatementSync, values: readonly SqlValue[]): readonly SqlRow[] {
  try {
    return statement.all(...values) as readonly SqlRow[];
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    statement.setReadBigInts(true);
    try {
      return statement.all(...values).map(narrowIntegers);
    } finally {
      statement.setReadBigInts(false);
    }
  }
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** Whole numbers beyond 2^53 travel as decimal text. */
function narrowIntegers(row: Readonly<Record<string, unknown>>): SqlRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== 'bigint') return [name, value as SqlValue];
      const small = Number(value);
      return [name, Number.isSafeInteger(small) ? small : value.toString()];
    }),
  );
}
