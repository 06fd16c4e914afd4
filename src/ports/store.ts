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
  /** Dolt: one version commit of the named tables when something changed; SQLite: nothing. */
  commitVersion(name: string, message: string): Promise<void>;
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

/** Statements use `?` placeholders and the common subset of both engines. Dates travel as `YYYY-MM-DD HH:MM:SS` UTC. */
export interface SqlSession {
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Affected (matched) rows. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
}

export interface Database extends SqlSession {
  readonly name: string;
  readonly dialect: Dialect;
  /**
   * One transaction under the graph lock of this database (DESIGN §2a). The closure may run again after a
   * serialization conflict: it must have no effect but through `sql`. A throw rolls back.
   */
  transaction<T>(work: (sql: SqlSession) => Promise<T>): Promise<T>;
}

/** The few differences between the engines' SQL. */
export interface Dialect {
  readonly kind: StoreKind;
  /** `json_extract`-like scalar text of a JSON path such as `$.dispatch`. */
  jsonText(column: string, path: string): string;
  /** `INSERT … ignore duplicates` prefix: `INSERT OR IGNORE` / `INSERT IGNORE`. */
  readonly insertIgnore: string;
  /** Upsert tail: `ON CONFLICT (keys) DO UPDATE SET c = excluded.c` / `ON DUPLICATE KEY UPDATE c = VALUES(c)`. */
  upsert(keys: readonly string[], columns: readonly string[]): string;
  /** `t INDEXED BY i` is not portable: pins a join order where the planner errs (`CROSS JOIN` / `STRAIGHT_JOIN`). */
  readonly pinnedJoin: string;
}
