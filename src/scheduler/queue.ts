import type { TownContext } from '../beads/context.ts';
import { openSlingContexts } from '../beads/forms/sling-context.ts';
import type { SlingContext } from '../beads/forms/sling-context.ts';
import type { Bead } from '../beads/types.ts';
import { readRigProperties } from '../rig/properties.ts';
import { listRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';

/** One bead that waits for a worker. */
export interface QueuedBead {
  readonly rig: Rig;
  readonly bead: Bead;
  /** Its own, shifted by its rig's `priority_adjustment`; less = sooner. */
  readonly priority: number;
  readonly context: SlingContext;
}

/** A queue row whose bead is gone. */
export interface LostRow {
  readonly rig: Rig;
  readonly context: SlingContext;
}

export interface Queue {
  /** In the order in which they are dispatched: priority, then age. */
  readonly waiting: readonly QueuedBead[];
  readonly lost: readonly LostRow[];
}

/** All queue rows of the town with their beads: two queries per rig that has any. */
export async function readQueue(ctx: TownContext): Promise<Queue> {
  const queues = await Promise.all((await listRigs(ctx)).map((rig) => readRigQueue(ctx, rig)));
  return {
    waiting: queues.flatMap((queue) => queue.waiting).sort(byPriorityThenAge),
    lost: queues.flatMap((queue) => queue.lost),
  };
}

async function readRigQueue(ctx: TownContext, rig: Rig): Promise<Queue> {
  const ledger = await ctx.ledgers.open(rig.database);
  const { contexts, broken } = await openSlingContexts(ledger);
  for (const row of broken) ctx.ports.log.warn('queue row makes no sense, left alone', { row: row.id });
  const own = contexts.filter((context) => context.rig === rig.name);
  if (own.length === 0) return { waiting: [], lost: [] };
  const beads = await ledger.list({ ids: own.map((context) => context.workBead) });
  const shift = (await readRigProperties(ctx, rig)).get('priority_adjustment');
  const byId = new Map(beads.map((bead) => [String(bead.id), bead]));
  return {
    waiting: own.flatMap((context) => {
      const bead = byId.get(context.workBead);
      return bead === undefined ? [] : [{ rig, bead, priority: bead.priority + shift, context }];
    }),
    lost: own.filter((context) => !byId.has(context.workBead)).map((context) => ({ rig, context })),
  };
}

/** Pure order of dispatch; the id settles what is equal. */
function byPriorityThenAge(left: QueuedBead, right: QueuedBead): number {
  return (
    left.priority - right.priority ||
    left.context.enqueuedAt.localeCompare(right.context.enqueuedAt) ||
    left.bead.id.localeCompare(right.bead.id)
  );
}
