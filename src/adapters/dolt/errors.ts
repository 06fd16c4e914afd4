import {
  BugError,
  ExternalError,
  GtError,
  NotFoundError,
  RefusedError,
  UnavailableError,
  messageOf,
} from '../../core/errors.ts';
import { errorMarks, failureKind } from './failures.ts';
import { versionError } from './version-errors.ts';

/** Where the server is, for messages: `127.0.0.1:3307`. */
export type ServerLabel = string;

const DUPLICATE = 1062;
const UNKNOWN_DATABASE = 1049;
const NO_TABLE = 1146;
const ACCESS_DENIED = 1045;
/** Null in a NOT NULL column, both directions of a foreign key, bad value, too long, out of range, check, no default. */
const CONSTRAINTS = new Set([1048, 1451, 1452, 1366, 1406, 1264, 3819, 1364]);
/** The same refusals where Dolt has no number of its own for them. */
const CONSTRAINT_TEXTS = ['is too large for column', 'invalid json text', 'check constraint'];
/** What a server says that speaks TLS only. */
const NO_TLS = /must use ssl|secure transport|insecure connections/i;
const BAD_SQL = new Set([1054, 1064, NO_TABLE]);

/** Any error of the driver as one of ours; other errors pass unchanged. */
export function translateError(error: unknown, server: ServerLabel, database: string): unknown {
  const { number, code } = errorMarks(error);
  if (code === 'HANDSHAKE_SSL_ERROR' || NO_TLS.test(messageOf(error))) return noTls(server, error);
  if (error instanceof GtError || (number === 0 && failureKind(error) === 'other')) return error;
  const message = `${database === '' ? 'the Dolt server' : `database '${database}'`}: ${messageOf(error)}`;
  if (number === DUPLICATE) return new RefusedError({ code: 'store.duplicate', message, cause: error });
  if (isConstraint(error)) return new RefusedError({ code: 'store.constraint', message, cause: error });
  if (number === UNKNOWN_DATABASE) return noDatabase(database, server);
  if (number === ACCESS_DENIED) return accessDenied(server, error);
  if (BAD_SQL.has(number)) return new BugError({ code: 'bug.sql', message, cause: error });
  switch (failureKind(error)) {
    case 'conflict':
      return conflictLost(database, error);
    case 'connection':
      return unavailable(server, error);
    case 'other':
      return versionError(error) ?? new ExternalError({ code: 'store.failed', message, cause: error });
  }
}

export function isMissingTable(error: unknown): boolean {
  return errorMarks(error instanceof GtError ? error.cause : error).number === NO_TABLE;
}

export function unavailable(server: ServerLabel, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: 'store.unavailable',
    message: `the Dolt server at ${server} does not answer: ${messageOf(cause)}`,
    hint: 'Run: gt up',
    cause,
  });
}

export function conflictLost(database: string, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: 'store.busy',
    message: `database '${database}': other writers kept winning: ${messageOf(cause)}`,
    hint: 'Try again',
    cause,
  });
}

export function commitUnknown(database: string, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: 'store.commit-unknown',
    message: `database '${database}': the server went away during COMMIT, the change may or may not be there: ${messageOf(cause)}`,
    hint: 'Run: gt up, then look before you repeat it',
    cause,
  });
}

export function noDatabase(database: string, server: ServerLabel): NotFoundError {
  return new NotFoundError({
    code: 'store.no-database',
    message: `the Dolt server at ${server} has no database '${database}'`,
    hint: 'Look at what it serves: gt status',
  });
}

function noTls(server: ServerLabel, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: 'store.unavailable',
    message: `no secure connection to the Dolt server at ${server}: ${messageOf(cause)}`,
    hint: 'Set GT_DOLT_TLS=1, and GT_DOLT_TLS_CA to the PEM file of its authority (bd without a town: BEADS_DOLT_SERVER_TLS, BEADS_DOLT_TLS_CA)',
    cause,
  });
}

function accessDenied(server: ServerLabel, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: 'store.unavailable',
    message: `the Dolt server at ${server} refuses the user: ${messageOf(cause)}`,
    hint: 'Set GT_DOLT_USER and GT_DOLT_PASSWORD',
    cause,
  });
}

function isConstraint(error: unknown): boolean {
  const text = messageOf(error).toLowerCase();
  return CONSTRAINTS.has(errorMarks(error).number) || CONSTRAINT_TEXTS.some((part) => text.includes(part));
}
