import { RefusedError } from '../../core/errors.ts';
import { existing } from '../read/find.ts';
import { withColumns } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import type { Bead } from '../types.ts';
import { checkShort } from '../words/texts.ts';
import { changesJson, writeEvent } from './events.ts';
import { issueJson } from './issue-json.ts';

/**
 * Takes an open bead for `assignee` by one compare-and-set; claiming one's own again succeeds. Blockers do not
 * matter here. Throws RefusedError `bead.claimed` `bead.not-claimable`, NotFoundError.
 */
export async function claimBead(scope: WriteScope, id: string, assignee: string): Promise<Bead> {
  const holder = checkShort('assignee', assignee);
  const bead = await existing(scope, id);
  // The UPDATE decides; looking first only spares the losers a write.
  if (bead.status !== 'open' || (bead.assignee !== '' && bead.assignee !== holder)) {
    return alreadyMine(bead, holder);
  }
  const now = sqlNow(scope);
  const rows = await scope.sql.run(
    `UPDATE ${bead.table} SET assignee = ?, status = 'in_progress', updated_at = ?, started_at = COALESCE(started_at, ?)
      WHERE id = ? AND status = 'open' AND (assignee IS NULL OR assignee = '' OR assignee = ?)`,
    [holder, now, now, id, holder],
  );
  // Somebody was faster between the look and the UPDATE: the row says who.
  if (rows === 0) return alreadyMine(await existing(scope, id), holder);
  await writeEvent(scope, bead, {
    type: 'claimed',
    oldValue: JSON.stringify(issueJson(bead)),
    newValue: changesJson({ assignee: holder, status: 'in_progress' }),
  });
  return withColumns(bead, {
    assignee: holder,
    status: 'in_progress',
    updated_at: now,
    ...(bead.startedAt === undefined ? { started_at: now } : {}),
  });
}

function alreadyMine(bead: Bead, holder: string): Bead {
  if (bead.assignee === holder && bead.status === 'in_progress') return bead;
  if (bead.assignee !== '' && bead.assignee !== holder) {
    throw new RefusedError({
      code: 'bead.claimed',
      message: `issue already claimed by ${bead.assignee}`,
      hint: `Run: bd show ${bead.id}`,
    });
  }
  throw new RefusedError({
    code: 'bead.not-claimable',
    message: `issue not claimable: status ${bead.status}`,
    hint: `Run: bd show ${bead.id}`,
  });
}
