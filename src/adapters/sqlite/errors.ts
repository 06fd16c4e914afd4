import {
  BugError,
  ExternalError,
  GtError,
  RefusedError,
  UnavailableError,
  UnreadableError,
  messageOf,
} from '../../core/errors.ts';

/** Primary result codes of SQLite that call for different people to act. */
const BUSY = 5;
const READONLY = 8;
const IO = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const CONSTRAINT = 19;
const NOTADB = 26;
/** Extended codes of a taken key: rowid, unique, primary key. */
const DUPLICATE = new Set([2579, 2067, 1555]);

/** The file that the readers of a ledger share could not be made as long as it must be: only a full disk does that. */
const SHMSIZE = 4874;

/** SQLite's extended result code, or undefined when the error is not SQLite's. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;
}

export function isBusy(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === BUSY;
}

/** It comes from SQLite itself (before or after `translateError`). */
export function isSqliteError(error: unknown): boolean {
  return resultCode(error instanceof GtError ? error.cause : error) !== undefined;
}

/** The file is no database, or no whole one. */
export function isDamaged(error: unknown): boolean {
  const code = (resultCode(error) ?? 0) & 0xff;
  return code === CORRUPT || code === NOTADB;
}

/** A table that the statement names does not exist (before or after `translateError`). */
export function isMissingTable(error: unknown): boolean {
  const original = error instanceof GtError ? error.cause : error;
  return messageOf(original).startsWith('no such table');
}

/** What the file system refused while a database was made; other errors as `translateError`. */
export function translateFileError(error: unknown, database: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (resultCode(error) !== undefined || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) {
    return translateError(error, database);
  }
  const message = `database '${database}': ${messageOf(error)}`;
  return code === 'ENOSPC' ? diskFull(message, error) : writeFailed(message, error);
}

/** Any error of node:sqlite as one of ours; other errors pass unchanged. */
export function translateError(error: unknown, database: string): unknown {
  const code = resultCode(error);
  if (code === undefined || error instanceof GtError) return error;
  const message = `database '${database}': ${messageOf(error)}`;
  if (code === SHMSIZE) return diskFull(message, error);
  if (DUPLICATE.has(code)) return new RefusedError({ code: 'store.duplicate', message, cause: error });
  switch (code & 0xff) {
    case CONSTRAINT:
      return new RefusedError({ code: 'store.constraint', message, cause: error });
    case BUSY:
      return new UnavailableError({ code: 'store.busy', message, hint: 'Try again', cause: error });
    case FULL:
      return diskFull(message, error);
    case IO:
    case READONLY:
      return writeFailed(message, error);
    case CANTOPEN:
      return new UnavailableError({
        code: 'store.unavailable',
        message,
        hint: 'Check the owner and the mode of the file and its folder',
        cause: error,
      });
    case CORRUPT:
    case NOTADB:
      return new UnreadableError({
        code: 'store.corrupt',
        message,
        hint: 'Run: bd backup restore (or put a copy of the file in its place)',
        cause: error,
      });
    default:
      return new BugError({ code: 'bug.sql', message, cause: error });
  }
}

function diskFull(message: string, cause: unknown): ExternalError {
  return new ExternalError({
    code: 'store.disk-full',
    message,
    hint: 'Free disk space, then try again',
    cause,
  });
}

function writeFailed(message: string, cause: unknown): ExternalError {
  return new ExternalError({
    code: 'store.write-failed',
    message,
    hint: 'Check the disk and the rights of the store folder',
    cause,
  });
}
