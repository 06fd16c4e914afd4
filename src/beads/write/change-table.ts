import { RefusedError } from '../../core/errors.ts';
import { recomputeAround } from '../blocked/recompute.ts';
import { existing } from '../read/find.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { BEAD_TABLES, TABLES, type BeadTable } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import type { Bead, NewBead } from '../types.ts';
import { changesJson, writeEvent } from './events.ts';
import { issueJson } from './issue-json.ts';

type Keep = NonNullable<NewBead['keep']>;

const TARGET_COLUMN = { issues: 'depends_on_issue_id', wisps: 'depends_on_wisp_id' } as const;

/**
 * Moves a bead to the table that `keep` asks for, with all that belongs to it and every edge that names it; one
 * that is there already only takes the flags. Throws RefusedError `bead.in-both-tables`.
 */
export async function changeTable(scope: WriteScope, bead: Bead, keep: Keep): Promise<Bead> {
  const table: BeadTable = keep === 'issue' ? 'issues' : 'wisps';
  const flags = { ephemeral: keep === 'wisp' ? 1 : 0, no_history: keep === 'no-history' ? 1 : 0 };
  if (
    bead.table === table &&
    bead.ephemeral === (keep === 'wisp') &&
    bead.noHistory === (keep === 'no-history')
  )
    return bead;
  if (bead.table !== table) await moveRows(scope, bead, table);
  await scope.sql.run(`UPDATE ${table} SET ephemeral = ?, no_history = ?, updated_at = ? WHERE id = ?`, [
    flags.ephemeral,
    flags.no_history,
    sqlNow(scope),
    bead.id,
  ]);
  await writeEvent(
    scope,
    { id: bead.id, table },
    {
      type: 'updated',
      oldValue: JSON.stringify(issueJson(bead)),
      newValue: changesJson({ ephemeral: keep === 'wisp', no_history: keep === 'no-history' }),
    },
  );
  await recomputeAround(scope, { beads: [bead.id] });
  return existing(scope, bead.id);
}

/** The new row first, then what hangs on it, the old row last: foreign keys hold at every step. */
async function moveRows(scope: WriteScope, bead: Bead, table: BeadTable): Promise<void> {
  const old = bead.table;
  const there = await scope.sql.query(`SELECT id FROM ${table} WHERE id = ?`, [bead.id]);
  if (there.length > 0) {
    throw new RefusedError({
      code: 'bead.in-both-tables',
      message: `${bead.id} is in both tables already`,
      hint: 'Run: bd doctor',
    });
  }
  await copyRows(scope, { from: old, to: table, key: 'id', id: bead.id });
  await copyRows(scope, {
    from: TABLES[old].childCounters,
    to: TABLES[table].childCounters,
    key: 'parent_id',
    id: bead.id,
  });
  for (const kind of ['dependencies', 'labels', 'comments', 'events'] as const) {
    await copyRows(scope, { from: TABLES[old][kind], to: TABLES[table][kind], key: 'issue_id', id: bead.id });
  }
  for (const { dependencies } of BEAD_TABLES.map((name) => TABLES[name])) {
    await scope.sql.run(
      `UPDATE ${dependencies} SET ${TARGET_COLUMN[table]} = ?, ${TARGET_COLUMN[old]} = NULL
        WHERE ${TARGET_COLUMN[old]} = ?`,
      [bead.id, bead.id],
    );
  }
  await scope.sql.run(`DELETE FROM ${old} WHERE id = ?`, [bead.id]);
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly key: string;
  readonly id: string;
}

/** Whole rows: the twin tables have the same columns. A missing time becomes now: the twin may demand one. */
async function copyRows(scope: WriteScope, { from, to, key, id }: Copy): Promise<void> {
  const rows = await scope.sql.query(`SELECT * FROM ${from} WHERE ${key} = ?`, [id]);
  const timed = rows.map((row) => (row['created_at'] === null ? { ...row, created_at: sqlNow(scope) } : row));
  await insertRows(scope.sql, to, timed);
}
