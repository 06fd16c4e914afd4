import { DatabaseSync } from 'node:sqlite';
import { ExternalError, messageOf } from '../core/errors.ts';

const SQLITE_BUSY = 5;

export interface LockedFile {
  unlock(): void;
}

/**
 * Locks a file by an exclusive transaction on it as a SQLite database, or returns undefined when somebody has it.
 * Nothing is ever committed: the file stays empty, and the journal is kept in memory.
 *
 * Trap: POSIX locks belong to the process, and closing *any* descriptor of the file gives them up. SQLite knows
 * this of its own connections and keeps them open; so nothing but SQLite may open a lock file in this process,
 * and the file is never unlinked (its successor would be another file with another lock).
 */
export function tryLockFile(path: string): LockedFile | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    // On an empty file BEGIN EXCLUSIVE prepares a first page and would open a journal file for it.
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw new ExternalError({
      code: 'lock.failed',
      message: `cannot lock ${path}: ${messageOf(error)}`,
      cause: error,
    });
  }
  const locked = database;
  return {
    unlock: () => {
      locked.exec('ROLLBACK');
      locked.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_BUSY
  );
}
