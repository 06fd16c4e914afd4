import { claimOf, parseMergeRequest, updateMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { isRecent } from './time-limits.ts';
import { findMergeRequest } from './find-request.ts';

/** A merge request that somebody works off by hand, and since when the claim was last touched (RFC 3339). */
export interface Claim {
  readonly by: string;
  readonly since: string;
}

/** Who holds it, other than the rig's own engine; undefined = nobody. */
export function claimBy({ bead }: MergeRequest, rig: Rig): Claim | undefined {
  const isOurs = bead.assignee === '' || bead.assignee === claimOf(rig.name);
  return isOurs ? undefined : { by: bead.assignee, since: bead.updatedAt };
}

/** A claim that was not touched for so long holds nobody back. */
export function isStale(
  { since }: Claim,
  { now, afterMs }: { readonly now: number; readonly afterMs: number },
): boolean {
  return !isRecent(since, { now, within: afterMs });
}

/** Takes one for `worker`, by compare-and-set. RefusedError `mq.claimed` naming the holder, `mq.closed`. */
export async function claimRequest(
  ctx: TownContext,
  rig: Rig,
  { mr: text, worker }: { readonly mr: string; readonly worker: string },
): Promise<MergeRequest> {
  const ledger = await ctx.ledgers.open(rig.database);
  const afterMs = (await readRigSettings(ctx, rig)).get('merge_queue.stale_claim_timeout');
  return ledger.transaction(worker, async (tx) => {
    const mr = await findMergeRequest(tx, rig, text);
    const held = claimBy(mr, rig);
    if (mr.bead.status === 'closed') throw closed(mr);
    if (mr.phase === 'landing') throw claimed(mr, claimOf(rig.name));
    if (held !== undefined && held.by !== worker && !isStale(held, { now: ctx.ports.clock.now(), afterMs })) {
      throw claimed(mr, held.by);
    }
    return parseMergeRequest(await tx.update(mr.id, { assignee: worker }, { assignee: mr.bead.assignee }));
  });
}

/** Gives it back to the queue. RefusedError `mq.claimed` for one that somebody else holds. */
export async function releaseRequest(
  ctx: TownContext,
  rig: Rig,
  { mr: text, worker }: { readonly mr: string; readonly worker: string },
): Promise<MergeRequest> {
  const ledger = await ctx.ledgers.open(rig.database);
  return ledger.transaction(worker, async (tx) => {
    const mr = await findMergeRequest(tx, rig, text);
    const held = claimBy(mr, rig);
    if (mr.bead.status === 'closed') throw closed(mr);
    if (held !== undefined && held.by !== worker) throw claimed(mr, held.by);
    if (held === undefined) return mr;
    return updateMergeRequest(tx, mr, { fields: {}, assignee: '' });
  });
}

function closed(mr: MergeRequest): RefusedError {
  return new RefusedError({
    code: 'mq.closed',
    message: `${mr.id} is closed: ${mr.closeReason ?? mr.phase}`,
  });
}

function claimed(mr: MergeRequest, by: string): RefusedError {
  return new RefusedError({
    code: 'mq.claimed',
    message: `${mr.id} is claimed by ${by}`,
    hint: 'See who holds what: gt refinery ready --all',
  });
}
