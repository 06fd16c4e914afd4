import type { SqlSession, TransactionOptions } from '../../ports/store.ts';
import { leaseSession } from '../sql/lease.ts';
import { commitUnknown, translateError } from './errors.ts';
import { failureKind, type FailureKind } from './failures.ts';
import { graphLockName, releaseLock, takeLock } from './graph-lock.ts';
import type { Attempt, DoltLink } from './link.ts';
import type { PinnedConnection } from './pool.ts';

export interface TransactionRequest<T> {
  readonly database: string;
  readonly work: (sql: SqlSession) => Promise<T>;
  readonly options: TransactionOptions<T>;
}

/** Runs a transaction under the graph lock, again after conflicts and lost connections (port `Database`). */
export function runTransaction<T>(link: DoltLink, request: TransactionRequest<T>): Promise<T> {
  const { landed } = request.options;
  let isCommitOpen = false;
  return link.repeat<T>(request.database, async () => {
    const ask = isCommitOpen ? landed : undefined;
    const outcome = await attempt(link, request, ask);
    if (outcome.end === 'committed') return { done: true, value: outcome.value };
    if (outcome.end === 'commit-unknown') {
      if (landed === undefined) throw commitUnknown(request.database, outcome.error);
      isCommitOpen = true;
      return { done: false, failure: 'connection', error: outcome.error };
    }
    return outcome.retry;
  });
}

type Outcome<T> =
  | { readonly end: 'committed'; readonly value: T }
  | { readonly end: 'rolled-back'; readonly retry: Attempt<never> }
  | { readonly end: 'commit-unknown'; readonly error: unknown };

/** One try. Throws what `work` throws, unless the throw follows from a conflict or a lost connection. */
async function attempt<T>(
  link: DoltLink,
  request: TransactionRequest<T>,
  landed: TransactionOptions<T>['landed'],
): Promise<Outcome<T>> {
  try {
    return await link.withConnection(request.database, async (connection) => {
      const lock = graphLockName(request.database);
      await takeLock(connection, lock);
      try {
        return await attemptLocked(connection, request, { label: link.label, landed });
      } finally {
        await releaseOrDiscard(connection, lock);
      }
    });
  } catch (error) {
    const failure = failureKind(error);
    if (failure === 'other') throw translateError(error, link.label, request.database);
    return { end: 'rolled-back', retry: { done: false, failure, error } };
  }
}

async function attemptLocked<T>(
  connection: PinnedConnection,
  request: TransactionRequest<T>,
  how: { readonly label: string; readonly landed: TransactionOptions<T>['landed'] },
): Promise<Outcome<T>> {
  await connection.run('START TRANSACTION');
  const watched = watchSession(connection, (error) => translateError(error, how.label, request.database));
  const lease = leaseSession(watched.session);
  try {
    const found = await how.landed?.(lease.session);
    const value = found ?? (await request.work(lease.session));
    const failed = watched.failure();
    if (failed !== undefined) return await rolledBack(connection, failed);
    return await commit(connection, value);
  } catch (error) {
    const failed = watched.failure();
    if (failed !== undefined) return await rolledBack(connection, failed);
    await rollBack(connection);
    throw error;
  } finally {
    lease.end();
  }
}

async function commit<T>(connection: PinnedConnection, value: T): Promise<Outcome<T>> {
  try {
    await connection.run('COMMIT');
    return { end: 'committed', value };
  } catch (error) {
    const kind = failureKind(error);
    if (kind === 'connection') return { end: 'commit-unknown', error };
    if (kind === 'conflict') return await rolledBack(connection, { kind, error });
    throw error;
  }
}

interface SessionFailure {
  readonly kind: Exclude<FailureKind, 'other'>;
  readonly error: unknown;
}

/**
 * After a conflict the server has ended the transaction: a later statement would commit by itself. So the first
 * such failure closes the session, and it decides over the try even when `work` swallows it.
 */
function watchSession(
  connection: PinnedConnection,
  translate: (error: unknown) => unknown,
): { readonly session: SqlSession; failure(): SessionFailure | undefined } {
  let failed: SessionFailure | undefined;
  async function guard<R>(statement: () => Promise<R>): Promise<R> {
    if (failed !== undefined) throw translate(failed.error);
    try {
      return await statement();
    } catch (error) {
      const kind = failureKind(error);
      if (kind !== 'other') failed = { kind, error };
      throw translate(error);
    }
  }
  return {
    session: {
      query: (sql, values) => guard(() => connection.query(sql, values)),
      run: (sql, values) => guard(() => connection.run(sql, values)),
    },
    failure: () => failed,
  };
}

async function rolledBack(connection: PinnedConnection, failed: SessionFailure): Promise<Outcome<never>> {
  await rollBack(connection);
  return {
    end: 'rolled-back',
    retry: { done: false, failure: failed.kind, error: failed.error },
  };
}

/** A connection that cannot roll back is thrown away: ending it rolls back too. */
async function rollBack(connection: PinnedConnection): Promise<void> {
  try {
    await connection.run('ROLLBACK');
  } catch {
    connection.discard();
  }
}

async function releaseOrDiscard(connection: PinnedConnection, lock: string): Promise<void> {
  try {
    await releaseLock(connection, lock);
  } catch {
    connection.discard();
  }
}
