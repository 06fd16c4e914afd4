import type { StoreAdmin } from './store-admin.ts';
import type { StoreVersions } from './store-versions.ts';

/**
 * SQL databases of one town: `hq` and one per rig. Two adapters (SQLite files, a Dolt server) pass one contract
 * suite. Which one is recorded in mayor/town.json; there is no fallback: unreachable = UnavailableError
 * `store.unavailable`.
 */
export interface Store {
  readonly kind: StoreKind;
  /** Database names, exact. */
  list(): Promise<readonly string[]>;
  /** Opens a database after checking its schema version and identity. NotFoundError `store.no-database`. */
  open(name: string): Promise<Database>;
  /** Creates the database in its final shape (spec 02 annex A) with one bootstrap; an existing one is left and opened. */
  create(name: string, identity: DatabaseIdentity): Promise<Database>;
  /** Where it is and whether it answers. Never throws. */
  health(): Promise<StoreHealth>;
  /**
   * Dolt: one version commit of the ledger's tables when something changed; SQLite: nothing. The settings
   * tables (config, custom types and statuses) are held back unless `withSettings`: somebody else may be
   * in the middle of changing them.
   */
  commitVersion(name: string, message: string, options?: { readonly withSettings?: boolean }): Promise<void>;
  /** Work on whole databases; loaded by the first call. */
  admin(): Promise<StoreAdmin>;
  /** Versions and remotes; loaded by the first call. RefusedError `store.no-versions` on SQLite. */
  versions(): Promise<StoreVersions>;
  close(): Promise<void>;
}

export type StoreKind = 'sqlite' | 'dolt';

export interface DatabaseIdentity {
  /** Bead prefix without `-`. */
  readonly prefix: string;
  /** UUID, the same as project_id in .beads/metadata.json. */
  readonly projectId: string;
}

export interface StoreHealth {
  readonly kind: StoreKind;
  readonly location: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly databases: readonly string[];
}

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/**
 * Statements use `?` placeholders (no `?` inside literals) and the common subset of both engines. Dates travel as
 * `YYYY-MM-DD HH:MM:SS` UTC, JSON columns as text, whole numbers beyond 2^53 as decimal text; LIKE is
 * case-sensitive. A refused row is RefusedError `store.duplicate` (key taken) or `store.constraint` (check,
 * size, type, null, foreign key).
 */
export interface SqlSession {
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Affected (matched) rows. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
}

export interface Database extends SqlSession {
  readonly name: string;
  /** Its `issue_prefix` when it was opened; '' when it has none. */
  readonly prefix: string;
  readonly dialect: Dialect;
  /**
   * One transaction under the graph lock of this database (DESIGN §2a). The closure may run again after a
   * serialization conflict: it must have no effect but through `sql`. A throw rolls back. Other sessions see
   * nothing of it before the end, and outside `work` neither does this one. Nesting is a BugError.
   * Throws UnavailableError `store.busy` when the lock is not free in time, `store.commit-unknown` when the
   * server went away during COMMIT and no `landed` can tell.
   */
  transaction<T>(work: (sql: SqlSession) => Promise<T>, options?: TransactionOptions<T>): Promise<T>;
}

export interface TransactionOptions<T> {
  /**
   * Asked in a new transaction after a COMMIT whose answer was lost: the result when the writes are there,
   * recognised by the writer-unique value (ULID) that `work` wrote; undefined when they are not, and `work` runs again.
   */
  readonly landed?: (sql: SqlSession) => Promise<T | undefined>;
}

/** The few differences between the engines' SQL. */
export interface Dialect {
  readonly kind: StoreKind;
  /**
   * Scalar text at a JSON path such as `$.dispatch` or `$."a-b"`: strings bare, numbers in decimal,
   * `true`/`false`; SQL NULL when absent or JSON null.
   */
  jsonText(column: string, path: string): string;
  /** A time column as seconds since 1970. */
  unixSeconds(column: string): string;
  /** `t INDEXED BY i` is not portable: pins a join order where the planner errs (`CROSS JOIN` / `STRAIGHT_JOIN`). */
  readonly pinnedJoin: string;
  /** The texts of one placeholder, a JSON array, as a table with the column `value`. */
  readonly keyTable: string;
}
