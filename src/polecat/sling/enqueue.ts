import { ensureConvoy } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { enqueueSling } from '../../beads/forms/sling-context.ts';
import { RUNTIME_KEY } from '../../beads/forms/sling-terms.ts';
import { formatAddress } from '../../core/address.ts';
import { parseBeadId } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';
import { emitEvent } from '../../town/events.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { convoyWish } from '../dispatch/convoy-wish.ts';
import type { Batch } from '../dispatch/convoy-wish.ts';
import type { Hooking } from '../dispatch/hook-bead.ts';

export interface EnqueueRequest extends Pick<Hooking, 'bead' | 'fresh' | 'terms' | 'runtime' | 'orders'> {
  readonly rig: Rig;
  readonly batch: Batch | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** Queues the bead for the daemon; a bead waits in one row only. Returns whether a daemon heard of it. */
export async function enqueueBead(ctx: TownContext, request: EnqueueRequest): Promise<boolean> {
  const { bead, fresh, rig, terms, orders, batch, now } = request;
  // The runtime is chosen now: the queue must not change it when defaults change.
  const agent = request.runtime;
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    if (fresh !== undefined) await tx.create(fresh);
    await tx.update(bead.id, {
      metadata: { ...(agent === undefined ? {} : { [RUNTIME_KEY]: agent }), ...orders },
    });
    await enqueueSling(tx, {
      ...terms,
      agent,
      workBead: parseBeadId(bead.id),
      title: bead.title,
      rig: rig.name,
      enqueuedAt: new Date(now).toISOString(),
    });
  });
  const wish = convoyWish({ prefix: rig.prefix, bead, terms, batch });
  if (wish !== undefined) await ensureConvoy(ctx, wish);
  await emitEvent(ctx, { type: 'scheduler_enqueue', payload: { bead: bead.id, rig: rig.name } });
  return wakeDaemon(ctx, 'queue');
}
