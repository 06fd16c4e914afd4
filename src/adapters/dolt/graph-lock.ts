import { createHash } from 'node:crypto';
import { UnavailableError } from '../../core/errors.ts';
import type { PinnedConnection } from './pool.ts';

/** One round of waiting on the server; the driver's own time-out must be longer. */
const ROUND_SECONDS = 10;
const DRIVER_TIMEOUT_MS = 15_000;
const ROUNDS = 3;
/** MySQL's limit for the name of a lock. */
const MAX_NAME = 64;

/**
 * Takes a named lock of the server for this connection, waiting up to 30 s; it is freed by `releaseLock` or when
 * the connection ends. Throws UnavailableError `store.busy`.
 */
export async function takeLock(connection: PinnedConnection, name: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [row] = await connection.query(
      'SELECT GET_LOCK(?, ?) AS taken',
      [shorten(name), ROUND_SECONDS],
      DRIVER_TIMEOUT_MS,
    );
    if (row?.['taken'] === 1) return;
  }
  throw new UnavailableError({
    code: 'store.busy',
    message: `another process has held the lock '${name}' for ${ROUNDS * ROUND_SECONDS} s`,
    hint: 'Try again',
  });
}

export async function releaseLock(connection: PinnedConnection, name: string): Promise<void> {
  await connection.query('SELECT RELEASE_LOCK(?) AS freed', [shorten(name)]);
}

/** The lock that every change of statuses, assignees, edges and agent rows of a database runs under. */
export function graphLockName(database: string): string {
  return `gt_graph:${database}`;
}

function shorten(name: string): string {
  if (name.length <= MAX_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.slice(0, MAX_NAME - digest.length)}${digest}`;
}
