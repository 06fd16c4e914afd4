import { GtError, messageOf } from '../../core/errors.ts';

/**
 * What a failed statement means for its transaction: `conflict` = another writer won, rerun; `connection` = the
 * server or the way to it went away, its answer is unknown; `other` = the statement itself is wrong or refused.
 */
export type FailureKind = 'conflict' | 'connection' | 'other';

const CONFLICT_NUMBERS = new Set([1213, 1205]);
/** Dolt reports some conflicts of its storage as plain errors (1105). */
const CONFLICT_TEXTS = ['serialization failure', 'optimistic lock', 'cannot update manifest'];

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
]);
/** Server shutdown, server gone, connection lost, unknown database (while a server starts). */
const CONNECTION_NUMBERS = new Set([1053, 2006, 2013, 1049]);
/** Unknown column or table, syntax, duplicate key, constraints, too long: their texts quote the user's words. */
const STATEMENT_NUMBERS = new Set([1048, 1054, 1062, 1064, 1146, 1264, 1364, 1366, 1406, 1451, 1452, 3819]);
/** `read only`: Dolt's own state after a storage trouble, gone after its restart. */
const CONNECTION_TEXTS = [
  'closed state',
  'no root value',
  'read only',
  'read-only',
  'server has gone away',
  'invalid connection',
];

export function failureKind(error: unknown): FailureKind {
  // One of ours was understood already; its words are not the driver's.
  if (error instanceof GtError) return 'other';
  const { code, number } = errorMarks(error);
  const text = messageOf(error).toLowerCase();
  if (STATEMENT_NUMBERS.has(number) || text.includes('is too large for column')) return 'other';
  if (CONFLICT_NUMBERS.has(number) || CONFLICT_TEXTS.some((part) => text.includes(part))) return 'conflict';
  const isConnection =
    CONNECTION_CODES.has(code) ||
    CONNECTION_NUMBERS.has(number) ||
    CONNECTION_TEXTS.some((part) => text.includes(part));
  return isConnection ? 'connection' : 'other';
}

/** The driver's string code and MySQL's number; '' and 0 when the error has none. */
export function errorMarks(error: unknown): { readonly code: string; readonly number: number } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const number = error instanceof Error && 'errno' in error ? error.errno : undefined;
  return {
    code: typeof code === 'string' ? code : '',
    number: typeof number === 'number' ? number : 0,
  };
}
