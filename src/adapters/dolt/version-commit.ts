import { messageOf } from '../../core/errors.ts';
import { versionedContent, versionedSettings } from '../sql-schema/tables.ts';
import type { PinnedConnection } from './pool.ts';

export interface VersionCommit {
  readonly message: string;
  /** `name <email>`. */
  readonly author: string;
  readonly withSettings: boolean;
}

/**
 * One version commit of the ledger's tables; nothing changed = nothing done. Tables are named: `-A` would sweep
 * up what other sessions are in the middle of.
 */
export async function commitVersion(connection: PinnedConnection, commit: VersionCommit): Promise<void> {
  const tables = [...versionedContent, ...(commit.withSettings ? versionedSettings : [])];
  await connection.query(`CALL DOLT_ADD(${tables.map(() => '?').join(', ')})`, tables);
  await commitStaged(connection, commit);
}

/** Commits the open transaction as well. False when nothing is staged: then the transaction stays open. */
export async function commitStaged(
  connection: PinnedConnection,
  { message, author }: Pick<VersionCommit, 'message' | 'author'>,
): Promise<boolean> {
  try {
    await connection.query("CALL DOLT_COMMIT('-m', ?, '--author', ?)", [message, author]);
    return true;
  } catch (error) {
    if (!messageOf(error).includes('nothing to commit')) throw error;
    return false;
  }
}
