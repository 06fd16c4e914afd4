import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import { writeAttachment } from '../../beads/forms/attachment.ts';
import { dropConvoy } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { liveMergeRequestOf } from '../../beads/forms/merge-request.ts';
import type { SlingContext } from '../../beads/forms/sling-context.ts';
import { recordDispatchFailure } from '../../beads/forms/sling-context.ts';
import {
  ACCOUNT_KEY,
  ANNOUNCED_KEY,
  DISPATCH_KEY,
  ORDER_KEYS,
  RUNTIME_KEY,
  dispatchOf,
} from '../../beads/forms/sling-terms.ts';
import type { AttachmentPatch } from '../../beads/forms/attachment.ts';
import type { Bead, LedgerTx } from '../../beads/types.ts';
import { burnAttached } from '../../formulas/molecule/attach.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { mustStop } from '../../sessions/stop.ts';
import type { Progress } from './carry-out.ts';
import type { Dispatch } from './dispatch.ts';

export interface UndoRequest {
  readonly dispatch: Dispatch;
  /** The bead before the hook transaction. */
  readonly before: Bead;
  /** There was none: the hook transaction made it. */
  readonly isFresh: boolean;
  /** Its queue row then: open again afterwards. */
  readonly queued: SlingContext | undefined;
  readonly progress: Progress;
  readonly why: string;
}

const NO_ATTACHMENT: AttachmentPatch = {
  attachedAt: null,
  attachedArgs: null,
  attachedVars: null,
  dispatchedBy: null,
  noMerge: null,
  reviewOnly: null,
  mode: null,
  convoyId: null,
  mergeStrategy: null,
  convoyOwned: null,
  formulaVars: null,
};

/**
 * Takes back a dispatch that failed while its process lives: a host that it started stopped, bead as it was, agent
 * idle, a convoy made for it closed. Does nothing to a bead that has meanwhile gone on (handed in, or given to
 * somebody else), and nothing to a session that was there before.
 */
export async function undoDispatch(ctx: TownContext, request: UndoRequest): Promise<void> {
  const { dispatch, progress, why } = request;
  const { address, terms, bead } = dispatch;
  if (dispatch.kind === 'worker' || progress.starting === true) {
    await mustStop(ctx, sessionOf(address, prefixOf(dispatch)));
  }
  const ledger = await ctx.ledgers.of(bead.id);
  const undone = await ledger.transaction(formatAddress(ctx.actor), (tx) => writeUndo(tx, request));
  if (undone && progress.newConvoy === true && terms.convoy !== undefined) {
    await dropConvoy(ctx, terms.convoy, `sling failed: ${why}`);
  }
}

function prefixOf(dispatch: Dispatch) {
  return dispatch.kind === 'worker' ? dispatch.rig.prefix : dispatch.place.prefix;
}

async function writeUndo(tx: LedgerTx, request: UndoRequest): Promise<boolean> {
  const { dispatch, before, queued, isFresh, why } = request;
  const { bead, address } = dispatch;
  const now = await tx.get(bead.id);
  if (now === undefined || dispatchOf(now) !== dispatch.token || now.assignee !== bead.assignee) return false;
  if (now.status !== 'hooked' && now.status !== 'in_progress') return false;
  if ((await liveMergeRequestOf(tx, bead.id)) !== undefined) return false;
  const without = await burnAttached(tx, now);
  if (isFresh) await tx.delete(bead.id);
  else await restore(tx, { now, before, hooked: bead, attachment: { ...NO_ATTACHMENT, ...without } });
  if (dispatch.kind === 'worker' || dispatch.place.database === tx.database) {
    const idle = { agentState: 'idle', hookBead: null, branch: null };
    if (address.role !== 'overseer') await writeAgentRow(tx, address, prefixOf(dispatch), idle);
  }
  if (queued !== undefined) {
    await tx.reopen(queued.bead.id);
    await recordDispatchFailure(tx, queued, why);
  }
  return true;
}

interface Restore {
  readonly now: Bead;
  readonly before: Bead;
  readonly hooked: Bead;
  readonly attachment: AttachmentPatch;
}

async function restore(tx: LedgerTx, { now, before, hooked, attachment }: Restore): Promise<void> {
  const keys = [DISPATCH_KEY, RUNTIME_KEY, ACCOUNT_KEY, ANNOUNCED_KEY, ...ORDER_KEYS];
  await tx.update(now.id, {
    status: before.status === 'closed' ? 'open' : before.status,
    assignee: before.assignee,
    description:
      now.description === hooked.description
        ? before.description
        : writeAttachment(now.description, attachment),
    metadata: Object.fromEntries(keys.map((key) => [key, before.metadata[key] ?? null])),
  });
}
