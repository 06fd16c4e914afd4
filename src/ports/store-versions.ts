import type { SqlSession } from './store.ts';

/**
 * Versions of whole databases: state, branches, remotes. Got by `Store.versions()`, which loads it; SQLite files have
 * none. A remote or branch that is not there is NotFoundError `versions.not-found`.
 */
export interface StoreVersions {
  status(database: string): Promise<VersionStatus>;
  /** In name order; the store itself always works on the first branch, `main`. */
  branches(database: string): Promise<readonly string[]>;
  /** Of what is committed. Throws RefusedError `versions.exists`. */
  createBranch(database: string, name: string): Promise<void>;
  remotes(database: string): Promise<readonly Remote[]>;
  /** Throws RefusedError `versions.exists`. */
  addRemote(database: string, remote: Remote): Promise<void>;
  removeRemote(database: string, name: string): Promise<void>;
  /** What the server said. One push of a database at a time. Throws RefusedError `versions.diverged`. */
  push(database: string, options: Exchange & { readonly mode: 'normal' | 'force' }): Promise<string>;
  /**
   * Brings in what the remote has. Both sides changed the same field = RefusedError `versions.conflict` and nothing
   * changes, unless a side is to win.
   */
  pull(database: string, options: PullOptions): Promise<string>;
  /**
   * Makes `database` from a remote; what is in no version (wisps) has no tables there until an upgrade makes them. Throws RefusedError `store.database-exists`.
   */
  clone(url: string, database: string, user?: string): Promise<void>;
}

export interface Remote {
  readonly name: string;
  readonly url: string;
}

export interface Exchange {
  /** Name of a remote. */
  readonly remote: string;
  /** Of a remote that asks for one; the server has the password in its DOLT_REMOTE_PASSWORD. */
  readonly user?: string | undefined;
}

export interface PullOptions extends Exchange {
  readonly winner?: 'ours' | 'theirs';
  /** Looks in the pull's transaction before it; what that returns mends after it, before anybody else sees the result. */
  readonly around?: (sql: SqlSession) => Promise<() => Promise<unknown>>;
}

export interface VersionStatus {
  readonly branch: string;
  /** Hash of the newest version. */
  readonly head: string;
  /** Of the server. */
  readonly server: string;
  /** Tables that differ from it; unversioned ones never do. */
  readonly changed: readonly string[];
}
