import { claimOf } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { clearAlert } from '../beads/forms/alert.ts';
import { changeLane, findLane } from './lane-store.ts';
import type { LaneRecord } from './lane.ts';

/** Holds a lane until somebody resumes it. A landing under way is finished or abandoned cleanly by the next pass. */
export async function pauseLane(
  ctx: TownContext,
  rig: Rig,
  pause: { readonly target: string; readonly why: string },
): Promise<LaneRecord> {
  const bead = await findLane(ctx, rig, pause.target);
  const since = new Date(ctx.ports.clock.now()).toISOString();
  return changeLane(ctx, rig, { bead, patch: { paused: { cause: 'human', why: pause.why, since } } });
}

/**
 * Lets a lane go on: counts of trouble start at zero, and what is on the target now is accepted as its history.
 */
export async function resumeLane(ctx: TownContext, rig: Rig, target: string): Promise<LaneRecord> {
  const bead = await findLane(ctx, rig, target);
  const record = await changeLane(ctx, rig, {
    bead,
    patch: {
      paused: undefined,
      infra: { strikes: 0, retry_at: '', why: '' },
      landed: undefined,
      broken: undefined,
      reds: [],
      lost: 0,
    },
  });
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(claimOf(rig.name), async (tx) => {
    await clearAlert(tx, `mq-infra ${rig.name} ${target}`, 'resumed');
    await clearAlert(tx, `mq-target-broken ${rig.name} ${target}`, 'resumed');
  });
  return record;
}
