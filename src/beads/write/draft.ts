import { parseBead } from '../sql/rows.ts';
import type { Bead, NewBead } from '../types.ts';
import { toSqlTime } from '../words/times.ts';
import { newRow, tableOf } from './new-row.ts';

/** A bead as it will read once it is there: new work is judged before there is a row of it. @param now Unix ms */
export function draftBead(
  bead: NewBead & { readonly id: string },
  { actor, now }: { readonly actor: string; readonly now: number },
): Bead {
  const { id, type = 'task', status = 'open', labels = [] } = bead;
  const row = newRow(bead, { id, type, status, actor, now: toSqlTime(now) });
  return parseBead({ ...row, bead_table: tableOf(bead) }, labels);
}
