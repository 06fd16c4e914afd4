import { ensureConvoy } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { enqueueSling } from '../../beads/forms/sling-context.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import { RUNTIME_KEY, SCRIPT_KEY } from '../../beads/forms/sling-terms.ts';
import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import { formatAddress } from '../../core/address.ts';
import { parseBeadId } from '../../core/names.ts';
import { emitEvent } from '../../town/events.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { convoyWish } from '../dispatch/convoy-wish.ts';
import type { Batch } from '../dispatch/convoy-wish.ts';
import type { SlingFacts } from './facts.ts';

export interface EnqueueRequest {
  readonly facts: SlingFacts;
  readonly terms: SlingTerms;
  readonly batch: Batch | undefined;
  readonly script: ScriptOrder | undefined;
}

/** Queues the bead for the daemon; a bead waits in one row only. Returns whether a daemon heard of it. */
export async function enqueueBead(ctx: TownContext, request: EnqueueRequest): Promise<boolean> {
  const { facts, terms, batch, script } = request;
  const { bead, rig, runtime } = facts;
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    // The runtime is chosen now: the queue must not change it when defaults change.
    await tx.update(bead.id, {
      metadata: {
        [RUNTIME_KEY]: terms.agent ?? runtime.name,
        ...(script === undefined ? {} : { [SCRIPT_KEY]: script }),
      },
    });
    await enqueueSling(tx, {
      ...terms,
      agent: terms.agent ?? runtime.name,
      workBead: parseBeadId(bead.id),
      title: bead.title,
      rig: rig.name,
      enqueuedAt: new Date(facts.now).toISOString(),
    });
  });
  const wish = convoyWish({ rig, bead, terms, batch });
  if (wish !== undefined) await ensureConvoy(ctx, wish);
  await emitEvent(ctx, { type: 'scheduler_enqueue', payload: { bead: bead.id, rig: rig.name } });
  return wakeDaemon(ctx, 'queue');
}
