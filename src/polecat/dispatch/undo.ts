import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import { writeAttachment } from '../../beads/forms/attachment.ts';
import { dropConvoy } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { liveMergeRequestOf } from '../../beads/forms/merge-request.ts';
import type { SlingContext } from '../../beads/forms/sling-context.ts';
import { recordDispatchFailure } from '../../beads/forms/sling-context.ts';
import { DISPATCH_KEY, RUNTIME_KEY, SCRIPT_KEY, dispatchOf } from '../../beads/forms/sling-terms.ts';
import type { AttachmentPatch } from '../../beads/forms/attachment.ts';
import type { Bead, LedgerTx } from '../../beads/types.ts';
import { NO_FORMULA, burnAttached } from '../../formulas/molecule/attach.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { stopSession } from '../../sessions/stop.ts';
import type { Dispatch } from './dispatch.ts';

export interface UndoRequest {
  readonly dispatch: Dispatch;
  /** The bead before the hook transaction. */
  readonly before: Bead;
  /** Its queue row then: open again afterwards. */
  readonly queued: SlingContext | undefined;
  readonly newConvoy: boolean;
  readonly why: string;
}

const STOP_MS = 10_000;

const NO_ATTACHMENT: AttachmentPatch = {
  ...NO_FORMULA,
  attachedAt: null,
  attachedArgs: null,
  attachedVars: null,
  dispatchedBy: null,
  noMerge: null,
  reviewOnly: null,
  convoyId: null,
  mergeStrategy: null,
  convoyOwned: null,
  formulaVars: null,
};

/**
 * Takes back a dispatch that failed while its process lives: host stopped, bead as it was, worker idle, a convoy
 * made for it closed. Does nothing to a bead that has meanwhile gone on (handed in, or given to somebody else).
 */
export async function undoDispatch(ctx: TownContext, request: UndoRequest): Promise<void> {
  const { dispatch, newConvoy, why } = request;
  const { rig, address, terms } = dispatch;
  await stopSession(ctx, sessionOf(address, rig.prefix), { waitMs: STOP_MS });
  const ledger = await ctx.ledgers.open(rig.database);
  const undone = await ledger.transaction(formatAddress(ctx.actor), (tx) => writeUndo(tx, request));
  if (undone && newConvoy && terms.convoy !== undefined) {
    await dropConvoy(ctx, terms.convoy, `sling failed: ${why}`);
  }
}

async function writeUndo(tx: LedgerTx, request: UndoRequest): Promise<boolean> {
  const { dispatch, before, queued, why } = request;
  const { rig, bead, address } = dispatch;
  const now = await tx.get(bead.id);
  if (now === undefined || dispatchOf(now) !== dispatch.token || now.assignee !== bead.assignee) return false;
  if (now.status !== 'hooked' && now.status !== 'in_progress') return false;
  if ((await liveMergeRequestOf(tx, bead.id)) !== undefined) return false;
  await burnAttached(tx, now);
  await tx.update(bead.id, {
    status: before.status === 'closed' ? 'open' : before.status,
    assignee: before.assignee,
    description:
      now.description === bead.description
        ? before.description
        : writeAttachment(now.description, NO_ATTACHMENT),
    metadata: Object.fromEntries(
      [DISPATCH_KEY, RUNTIME_KEY, SCRIPT_KEY].map((key) => [key, before.metadata[key] ?? null]),
    ),
  });
  await writeAgentRow(tx, address, rig.prefix, { agentState: 'idle', hookBead: null, branch: null });
  if (queued !== undefined) {
    await tx.reopen(queued.bead.id);
    await recordDispatchFailure(tx, queued, why);
  }
  return true;
}
