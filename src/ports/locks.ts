/**
 * Named locks of one town, freed by the kernel when the holder dies (DESIGN D7). Not re-entrant.
 */
export interface Locks {
  /**
   * Takes `name`, waiting at most `waitMs` (0 = try once).
   * Throws UnavailableError `lock.held` naming the holder.
   */
  acquire(name: LockName, options: LockOptions): Promise<HeldLock>;
  /** Who holds `name` now (pid 0: somebody who has not signed yet); undefined when it is free. */
  holder(name: LockName): Promise<LockHolder | undefined>;
}

export type LockName =
  | 'daemon'
  | 'dolt'
  | 'shutdown'
  | 'registry'
  | 'config'
  | 'events'
  | 'bars'
  | `pool-${string}`
  | `refinery-${string}`
  | `session-${string}`
  | `hook-${string}`
  | `worktree-${string}`
  | `crew-${string}`
  | `restore-${string}`;

export interface LockOptions {
  readonly waitMs: number;
  /** Shown to whoever waits: the command that holds it. */
  readonly purpose: string;
}

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly purpose: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface HeldLock extends AsyncDisposable {
  readonly name: LockName;
  release(): Promise<void>;
}
