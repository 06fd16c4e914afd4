import { RefusedError } from '../../core/errors.ts';
import type { PullOptions } from '../../ports/store-versions.ts';
import type { PinnedConnection } from './pool.ts';

export interface Pull {
  /** Arguments of the procedure. */
  readonly words: readonly string[];
  readonly remote: string;
  readonly winner: PullOptions['winner'] | undefined;
  readonly around: PullOptions['around'] | undefined;
  readonly timeoutMs: number;
}

/** Merges what the remote has, in one transaction: a conflict that nobody decided leaves everything as it was. */
export async function pullInto(connection: PinnedConnection, pull: Pull): Promise<string> {
  await connection.run('START TRANSACTION');
  try {
    const mend = await pull.around?.(connection);
    const sql = `CALL DOLT_PULL(${pull.words.map(() => '?').join(', ')})`;
    const [row] = await connection.query(sql, pull.words, pull.timeoutMs);
    const settled = Number(row?.['conflicts'] ?? 0) > 0 ? await settle(connection, pull) : undefined;
    await mend?.();
    if (settled === undefined) await connection.run('COMMIT');
    else await commitMerge(connection, pull, settled);
    return String(row?.['message'] ?? '');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => connection.discard());
    throw error;
  }
}

/** @returns the tables in which a side won */
async function settle(connection: PinnedConnection, { remote, winner }: Pull): Promise<readonly string[]> {
  const rows = await connection.query('SELECT `table` AS name, num_conflicts AS n FROM dolt_conflicts');
  if (winner === undefined)
    throw conflict(remote, rows.map((row) => `${row['name']}: ${row['n']}`).join(', '));
  const tables = rows.map((row) => String(row['name']));
  const marks = tables.map(() => '?').join(', ');
  await connection.query(`CALL DOLT_CONFLICTS_RESOLVE('--${winner}', ${marks})`, tables);
  return tables;
}

async function commitMerge(
  connection: PinnedConnection,
  { remote, winner }: Pull,
  tables: readonly string[],
): Promise<void> {
  await connection.query(`CALL DOLT_ADD(${tables.map(() => '?').join(', ')})`, tables);
  await connection.query("CALL DOLT_COMMIT('-m', ?)", [
    `merge ${remote}: ${winner} won in ${tables.join(', ')}`,
  ]);
}

function conflict(remote: string, where: string): RefusedError {
  return new RefusedError({
    code: 'versions.conflict',
    message: `both sides changed the same fields (${where}); nothing was pulled from '${remote}'`,
    hint: 'Say who wins where both changed: bd dolt pull --winner theirs, or --winner ours',
  });
}
