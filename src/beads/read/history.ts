import type { Database } from '../../ports/store.ts';
import { beadColumns, parseBead, text } from '../sql/rows.ts';
import { batches, isIn } from '../sql/conditions.ts';
import type { Bead } from '../types.ts';

/** A bead as a version has it, without labels. */
export interface PastBead {
  readonly commit: string;
  readonly committer: string;
  /** RFC 3339. */
  readonly at: string;
  readonly bead: Bead;
}

export interface BeadChange {
  readonly id: string;
  readonly kind: 'added' | 'modified' | 'removed';
  readonly before: Bead | undefined;
  readonly after: Bead | undefined;
}

/** Every version that has the bead, newest first; Dolt only. Wisps have none. @param limit absent = all */
export async function beadHistory(
  database: Database,
  id: string,
  limit?: number,
): Promise<readonly PastBead[]> {
  const rows = await database.query(
    `SELECT ${beadColumns('issues', 'b')}, b.commit_hash, b.committer, b.commit_date
      FROM dolt_history_issues b WHERE b.id = ? ORDER BY b.commit_date DESC${limit === undefined ? '' : ' LIMIT ?'}`,
    limit === undefined ? [id] : [id, limit],
  );
  return rows.map((row) => ({
    commit: text(row, 'commit_hash'),
    committer: text(row, 'committer'),
    at: exactTime(text(row, 'commit_date')),
    bead: parseBead(row, []),
  }));
}

/** With its fraction, as bd prints it. */
function exactTime(sqlTime: string): string {
  return `${sqlTime
    .replace(' ', 'T')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')}Z`;
}

const KINDS = ['added', 'modified', 'removed'] as const;

/** What changed between two versions (hash, branch, HEAD~1, WORKING), in id order; Dolt only. */
export async function beadChanges(
  database: Database,
  from: string,
  to: string,
): Promise<readonly BeadChange[]> {
  const rows = await database.query(
    "SELECT COALESCE(to_id, from_id) AS id, diff_type FROM dolt_diff(?, ?, 'issues') ORDER BY id",
    [from, to],
  );
  const ids = rows.map((row) => text(row, 'id'));
  const [before, after] = [await beadsAt(database, from, ids), await beadsAt(database, to, ids)];
  return rows.map((row) => {
    const id = text(row, 'id');
    const kind = KINDS.find((name) => name === row['diff_type']) ?? 'modified';
    return { id, kind, before: before.get(id), after: after.get(id) };
  });
}

async function beadsAt(
  database: Database,
  version: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Bead>> {
  const found = new Map<string, Bead>();
  for (const batch of batches(ids)) {
    const where = isIn('b.id', batch);
    const rows = await database.query(
      `SELECT ${beadColumns('issues', 'b')} FROM issues AS OF ? AS b WHERE ${where.sql}`,
      [version, ...where.values],
    );
    for (const row of rows) found.set(text(row, 'id'), parseBead(row, []));
  }
  return found;
}
