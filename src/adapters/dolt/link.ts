import type { Clock } from '../../ports/clock.ts';
import { conflictLost, unavailable } from './errors.ts';
import { readDatabases } from './facts.ts';
import { failureKind } from './failures.ts';
import { createDoltPool, type PinnedConnection, type PoolOptions } from './pool.ts';
import { createTrust, type ProveServer } from './trust.ts';
import { createTurns } from './turns.ts';

export interface DoltLinkOptions extends Omit<PoolOptions, 'admit'> {
  readonly clock: Clock;
  /** Called before the first statement to a server; throws when it is not ours (P4). */
  readonly prove?: ProveServer;
  /** How long to try when the server has not answered this process yet. Default 3 s. */
  readonly connectWaitMs?: number;
  /** How long to try when it did answer before (it restarts). Default 30 s. */
  readonly reconnectWaitMs?: number;
}

/** How one try ended: with a result, or with a failure that calls for another try. */
export type Attempt<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly failure: 'conflict' | 'connection'; readonly error: unknown };

/** The way to one server: proven, and persistent about what passes. */
export interface DoltLink {
  /** `host:port` for messages. */
  readonly label: string;
  /** One try on one connection. Throws what the driver or `work` throws. */
  withConnection<T>(
    database: string | undefined,
    work: (connection: PinnedConnection) => Promise<T>,
  ): Promise<T>;
  /** Repeats `attempt` with growing random pauses until it is done or time is up (`store.unavailable`, `store.busy`). */
  repeat<T>(database: string, attempt: () => Promise<Attempt<T>>): Promise<T>;
  /** Repeats idempotent work on a connection: reads, and writes that may be done twice. */
  retry<T>(database: string | undefined, work: (connection: PinnedConnection) => Promise<T>): Promise<T>;
  /** True when the server has a database of exactly this name. */
  hasDatabase(name: string): Promise<boolean>;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;
const CONFLICT_WAIT_MS = 15_000;

export function createDoltLink(options: DoltLinkOptions): DoltLink {
  const trust = createTrust(options.prove);
  const turns = createTurns();
  const pool = createDoltPool({ ...options, admit: trust.admit });
  const { connectWaitMs = 3000, reconnectWaitMs = 30_000 } = options;

  const limitOf = (failure: 'conflict' | 'connection'): number => {
    if (failure === 'conflict') return CONFLICT_WAIT_MS;
    return trust.facts() !== undefined ? reconnectWaitMs : connectWaitMs;
  };

  const repeat: DoltLink['repeat'] = async (database, attempt) => {
    const started = options.clock.monotonic();
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const outcome = await attempt();
      if (outcome.done) return outcome.value;
      const { failure, error } = outcome;
      if (options.clock.monotonic() - started >= limitOf(failure)) {
        throw failure === 'conflict' ? conflictLost(database, error) : unavailable(pool.label, error);
      }
      await options.clock.sleep(pause * (0.5 + Math.random()));
    }
  };

  const retry: DoltLink['retry'] = (database, work) =>
    repeat(database ?? '', () => tryOnce(() => turns.run(() => pool.withConnection(database, work))));
  return {
    get label() {
      return pool.label;
    },
    withConnection: pool.withConnection,
    repeat,
    retry,
    // The list that came with the connection mostly knows it; a new database is asked for.
    hasDatabase: (name) =>
      retry(
        undefined,
        async (connection) =>
          trust.facts()?.databases.includes(name) === true ||
          (await readDatabases(connection)).includes(name),
      ),
    close: () => pool.close(),
  };
}

async function tryOnce<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { done: true, value: await work() };
  } catch (error) {
    const failure = failureKind(error);
    if (failure === 'other') throw error;
    return { done: false, failure, error };
  }
}
