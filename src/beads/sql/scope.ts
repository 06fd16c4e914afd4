import type { Random } from '../../ports/random.ts';
import type { Dialect, SqlSession } from '../../ports/store.ts';
import { toSqlTime } from '../words/times.ts';

/** Where ids of a prefix live. */
export interface PrefixRoute {
  /** With or without the trailing `-`. */
  readonly prefix: string;
  readonly database: string;
}

/** What every ledger function works with: one database, one SQL session (the connection, or a transaction on it). */
export interface LedgerScope {
  readonly database: string;
  readonly prefix: string;
  readonly sql: SqlSession;
  readonly dialect: Dialect;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly random: Random;
  /** Time-ordered row ids. */
  readonly uuid7: () => string;
  readonly routes: () => Promise<readonly PrefixRoute[]>;
}

/** A scope inside a transaction, with the author of what it writes. */
export interface WriteScope extends LedgerScope {
  readonly actor: string;
}

/** The clock as a column value. */
export function sqlNow(scope: LedgerScope): string {
  return toSqlTime(scope.now());
}

/** The longest route whose `<prefix>-` begins `id` (`hq-cv-x` matches `hq-cv` before `hq`). */
export function routeOf(routes: readonly PrefixRoute[], id: string): PrefixRoute | undefined {
  return routes
    .filter((route) => id.startsWith(`${barePrefix(route.prefix)}-`))
    .toSorted((left, right) => barePrefix(right.prefix).length - barePrefix(left.prefix).length)[0];
}

export function barePrefix(prefix: string): string {
  return prefix.replace(/-+$/, '');
}
