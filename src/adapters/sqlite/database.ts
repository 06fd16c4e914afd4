import { statSync } from 'node:fs';
import { UnavailableError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, SqlSession } from '../../ports/store.ts';
import { leaseSession } from '../sql/lease.ts';
import { createNestingGuard } from '../sql/nesting.ts';
import { createQueue } from '../sql/queue.ts';
import { openConnection, type Connection } from './connection.ts';
import { sqliteDialect } from './dialect.ts';
import { isBusy, isSqliteError, translateError } from './errors.ts';

export interface SqliteDatabaseOptions {
  readonly name: string;
  readonly path: string;
  readonly clock: Clock;
  readonly durability: 'full' | 'none';
  /** How long a transaction waits for writers of other processes. */
  readonly lockWaitMs: number;
}

export interface SqliteDatabase extends Database {
  close(): void;
}

/**
 * Two handles on one file: reads see what is committed, whatever transaction is under way; transactions of
 * this process queue for the one writer, those of other processes take turns by BEGIN IMMEDIATE.
 */
export function openSqliteDatabase(options: SqliteDatabaseOptions): Omit<SqliteDatabase, 'prefix'> {
  const file = openFile(options);
  const queue = createQueue();
  const nesting = createNestingGuard(options.name);
  // A local COMMIT answers always: nobody has to be asked whether it landed.
  const transaction: Database['transaction'] = async (work) => {
    nesting.check();
    return queue.run(async () => {
      try {
        return await runTransaction(options, file, nesting.mark(work));
      } catch (error) {
        // What SQLite says of a file that was moved away depends on how far it had come.
        throw isSqliteError(error) && file.isGone() ? fileGone(options) : error;
      }
    });
  };
  return {
    name: options.name,
    dialect: sqliteDialect,
    query: (sql, values) => translating(options.name, () => file.reader().query(sql, values ?? [])),
    run: (sql, values) => transaction((session) => session.run(sql, values)),
    transaction,
    close: () => file.close(),
  };
}

interface OpenFile {
  reader(): Connection;
  writer(): Connection;
  /** It was removed or replaced since it was opened. */
  isGone(): boolean;
  close(): void;
}

function openFile(options: SqliteDatabaseOptions): OpenFile {
  const { path, durability } = options;
  const inode = inodeOf(path);
  const open = new Map<'read' | 'write', Connection>();
  const isGone = (): boolean => inode === undefined || inodeOf(path) !== inode;
  const handle = (access: 'read' | 'write'): Connection => {
    // A handle on a deleted or replaced file still takes writes, into nowhere.
    if (isGone()) throw fileGone(options);
    const connection =
      open.get(access) ?? translatingNow(options.name, () => openConnection({ path, access, durability }));
    open.set(access, connection);
    return connection;
  };
  return {
    reader: () => handle('read'),
    writer: () => handle('write'),
    isGone,
    close() {
      for (const connection of open.values()) connection.close();
      open.clear();
    },
  };
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function fileGone(options: SqliteDatabaseOptions): UnavailableError {
  return new UnavailableError({
    code: 'store.unavailable',
    message: `database '${options.name}': ${options.path} was removed or replaced while it was open`,
    hint: 'Run the command again; a daemon: gt daemon stop, then gt up',
  });
}

async function runTransaction<T>(
  options: SqliteDatabaseOptions,
  file: OpenFile,
  work: (sql: SqlSession) => Promise<T>,
): Promise<T> {
  const writer = file.writer();
  await begin(options, writer);
  const lease = leaseSession(sessionOn(options.name, writer));
  try {
    // While it waited for the lock, its holder may have moved the file away (a restore, a store move).
    file.writer();
    const result = await work(lease.session);
    writer.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors (a full disk) have rolled back already.
    if (writer.inTransaction) writer.exec('ROLLBACK');
    throw translateError(error, options.name);
  } finally {
    lease.end();
  }
}

/** SQLite's own busy handler starves waiters for over a second; short random pauses do not (measured). */
async function begin(options: SqliteDatabaseOptions, writer: Connection): Promise<void> {
  const { clock } = options;
  const deadline = clock.monotonic() + options.lockWaitMs;
  for (;;) {
    try {
      writer.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error)) throw translateError(error, options.name);
      if (clock.monotonic() >= deadline) throw lockTimeout(options, error);
    }
    await clock.sleep(0.5 + Math.random() * 2.5);
  }
}

function lockTimeout(options: SqliteDatabaseOptions, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: 'store.busy',
    message: `database '${options.name}': another process has been writing for ${options.lockWaitMs / 1000} s`,
    hint: 'Try again; if it stays, look for the process that holds the file open',
    cause,
  });
}

function sessionOn(name: string, connection: Connection): SqlSession {
  return {
    query: (sql, values) => translating(name, () => connection.query(sql, values ?? [])),
    run: (sql, values) => translating(name, () => connection.run(sql, values ?? [])),
  };
}

async function translating<T>(name: string, work: () => T): Promise<T> {
  return translatingNow(name, work);
}

function translatingNow<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateError(error, name);
  }
}
