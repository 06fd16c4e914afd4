import type { Dialect, SqlSession } from './store.ts';

/**
 * Whole databases of a store: moving, backing up, restoring, upgrading. Got by `Store.admin()`, which loads it;
 * nothing here is on the way of daily commands.
 */
export interface StoreAdmin {
  /** Every table of a ledger, in an order that satisfies their foreign keys. */
  readonly tables: readonly TableShape[];
  /** Tables of the database that are no part of a ledger. */
  strangeTables(database: string): Promise<readonly string[]>;
  /** Plain statements, each by itself, also where the schema is not ours. */
  session<T>(database: string, work: (sql: SqlSession) => Promise<T>): Promise<T>;
  /** Runs `work` while no gt process can write to these databases; reads go on. */
  freeze<T>(databases: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Copies the database into the folder `place` (made), with all its history; an older copy there is replaced. */
  backUp(database: string, place: string): Promise<void>;
  /** Makes a new database from a copy. Throws UnreadableError `backup.damaged`, RefusedError `store.database-exists`. */
  restore(place: string, database: string): Promise<void>;
  /**
   * Puts `fresh` in the place of `database`, which stays under the name `aside`. Throws UnavailableError `store.busy`
   * when other processes have it open, RefusedError `restore.server` where only the server's own machine can do it.
   */
  swap(database: string, fresh: string, aside: string): Promise<void>;
  /** Removes a database that nobody uses; absent is fine. */
  drop(database: string): Promise<void>;
  /** What upgrading the schema would do; empty = it is ours already. Throws RefusedError `store.schema-too-old`. */
  planUpgrade(database: string): Promise<readonly string[]>;
  /**
   * Does it, as one version commit. `finish` brings derived columns up to date before the new version is written.
   * Returns the steps done. Throws also RefusedError `store.uncommitted`.
   */
  upgrade(
    database: string,
    finish: (sql: SqlSession, dialect: Dialect) => Promise<void>,
  ): Promise<readonly string[]>;
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly primaryKey: readonly string[];
}

export interface ColumnShape {
  readonly name: string;
  /** How its values travel: blobs as hexadecimal text. */
  readonly kind: 'text' | 'number' | 'time' | 'json' | 'blob';
}
