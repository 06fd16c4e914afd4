import { readEdgesFrom } from '../blocked/facts.ts';
import { openChildren } from '../blocked/open.ts';
import { existing } from '../read/find.ts';
import { selectBead } from '../read/select.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import type { Bead } from '../types.ts';
import { checkShort, cleanText } from '../words/texts.ts';
import { checkClosable } from './close-rules.ts';
import { addComment } from './comments.ts';
import { changesJson, writeEvent } from './events.ts';
import { issueJson } from './issue-json.ts';
import { recomputed, writeColumns } from './update.ts';

export interface CloseOptions {
  readonly reason: string;
  readonly force?: boolean;
  readonly session?: string;
}

/** Closes a bead; a closed one stays as it is. Throws RefusedError `bead.not-closable`, NotFoundError. */
export async function closeBead(scope: WriteScope, id: string, options: CloseOptions): Promise<Bead> {
  const bead = await existing(scope, id);
  if (bead.status === 'closed') return bead;
  if (options.force !== true) await checkClosable(scope, bead);
  const reason = cleanText(options.reason);
  const closed = await writeColumns(scope, bead, {
    status: 'closed',
    closed_at: sqlNow(scope),
    close_reason: reason,
    closed_by_session: checkShort('session', options.session ?? ''),
    pinned: 0,
  });
  await writeEvent(scope, bead, { type: 'closed', newValue: reason });
  const done = await recomputed(scope, closed);
  await closeFinishedMolecule(scope, id);
  return done;
}

/** A molecule's root closes with its last step. */
async function closeFinishedMolecule(scope: WriteScope, step: string): Promise<void> {
  for (const edge of await readEdgesFrom(scope, [step], ['parent-child'])) {
    // Edges to wisps have no foreign key: another writer may have left one to a bead that is gone.
    const parent = await selectBead(scope, edge.to);
    if (parent === undefined) continue;
    if (parent.type !== 'molecule' || parent.status === 'closed' || parent.isTemplate) continue;
    if ((await openChildren(scope, parent.id)).length > 0) continue;
    await closeBead(scope, parent.id, { reason: 'All steps complete', force: true });
  }
}

/** Opens a closed bead again; one that is not closed stays. The reason becomes a comment. */
export async function reopenBead(scope: WriteScope, id: string, reason?: string): Promise<Bead> {
  const bead = await existing(scope, id);
  const open = bead.status === 'closed' ? await reopenClosed(scope, bead) : bead;
  if (reason !== undefined && reason.trim() !== '') await addComment(scope, open, reason);
  return open;
}

async function reopenClosed(scope: WriteScope, bead: Bead): Promise<Bead> {
  const open = await writeColumns(scope, bead, {
    status: 'open',
    closed_at: null,
    close_reason: '',
    closed_by_session: '',
    defer_until: null,
  });
  await writeEvent(scope, bead, {
    type: 'reopened',
    oldValue: JSON.stringify(issueJson(bead)),
    newValue: changesJson({ defer_until: null, status: 'open' }),
  });
  return recomputed(scope, open);
}
