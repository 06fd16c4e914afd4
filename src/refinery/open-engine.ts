import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import type { Rig } from '../rig/registry.ts';
import type { Engine } from './engine.ts';
import { openGateResults } from './gate-results.ts';
import { openLane } from './lane-store.ts';
import { takeMergeLease } from './merge-lease.ts';
import { openPushRemote } from './push-remote.ts';
import { readQueue } from './queue.ts';
import { createReport } from './report.ts';
import { readQueueSettings } from './settings.ts';

/**
 * Works as the merge engine of one target, for what a person asks for outside the queue. RefusedError `mq.busy` while
 * the rig's engine is at work: two never land at the same time.
 */
export async function withEngine<T>(
  ctx: TownContext,
  rig: Rig,
  {
    target,
    purpose,
    signal,
  }: { readonly target: string; readonly purpose: string; readonly signal: AbortSignal },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const taken = await takeMergeLease(ctx, rig.name, purpose);
  if (!taken.got) {
    throw new RefusedError({
      code: 'mq.busy',
      message: taken.by,
      hint: 'Wait for its pass to end, then try again; gt refinery status tells what it does',
    });
  }
  await using lease = taken.lease;
  const settings = await readQueueSettings(ctx, rig);
  const ledger = await ctx.ledgers.open(rig.database);
  const { lanes } = await readQueue(ledger, rig);
  const bead = lanes.find(({ record }) => record.target === target)?.bead;
  const owner = await ownerText(ctx, rig);
  const lane = await openLane({ ctx, rig, ledger, owner }, { target, bead });
  const remote = await openPushRemote(ctx, rig, settings.strategy);
  const results = openGateResults(ctx, rig, settings);
  const report = createReport(rig.name);
  return await work({ ctx, rig, settings, ledger, lease, lane, remote, results, report, signal });
}

/** `host:pid` of this engine, as the lock says it. */
export async function ownerText(ctx: TownContext, rig: Rig): Promise<string> {
  const holder = await ctx.ports.locks.holder(`refinery-${rig.name}`);
  return holder === undefined ? 'unknown' : `${holder.host}:${holder.pid}`;
}
