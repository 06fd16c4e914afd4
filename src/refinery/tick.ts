import { ExternalError, GtError, UnavailableError, messageOf } from '../core/errors.ts';
import type { TownContext } from '../beads/context.ts';
import type { Forge } from '../ports/forge.ts';
import type { Rig } from '../rig/registry.ts';
import type { Engine } from './engine.ts';
import { autoLand } from './integration/auto-land.ts';
import { pruneFlakes } from './flakes.ts';
import { pruneLogs } from './gate-log.ts';
import { openGateResults } from './gate-results.ts';
import { runLane } from './lane-pass.ts';
import { isLostLane, LANE_LEASE_MS, openLane, readLane } from './lane-store.ts';
import { takeMergeLease } from './merge-lease.ts';
import { runPullRequests } from './pull-requests/run.ts';
import { ownerText } from './open-engine.ts';
import { openPushRemote } from './push-remote.ts';
import { busyTargets, readQueue } from './queue.ts';
import { createReport } from './report.ts';
import type { ReportBuilder, TickReport } from './report.ts';
import { stopStrayGates } from './run-gate.ts';
import { isAhead } from './time-limits.ts';
import { readQueueSettings } from './settings.ts';
import type { QueueSettings } from './settings.ts';

export type { TickReport } from './report.ts';

/**
 * One pass of a rig's merge engine: lands, sends back and reports all that it can now, running gates as needed
 * (so it may take as long as they do), then ends. An empty queue costs one look at the ledger and no process.
 * Errors of the remote, the machine or the gates are in the report; only settings and stores that cannot be read,
 * and bugs, are thrown.
 */
export async function tickRefinery(
  ctx: TownContext,
  rig: Rig,
  { signal }: { readonly signal: AbortSignal },
): Promise<TickReport> {
  const settings = await readQueueSettings(ctx, rig);
  const report = await passOverLanes(ctx, rig, { signal, settings });
  if (!settings.autoLand || !settings.enabled || signal.aborted) return report;
  return { ...report, warnings: [...report.warnings, ...(await autoLand(ctx, rig, signal))] };
}

async function passOverLanes(
  ctx: TownContext,
  rig: Rig,
  { signal, settings }: { readonly signal: AbortSignal; readonly settings: QueueSettings },
): Promise<TickReport> {
  const report = createReport(rig.name);
  for (const line of settings.warnings) report.warn(line);
  if (!settings.enabled) return report.build('disabled');
  const ledger = await ctx.ledgers.open(rig.database);
  if (busyTargets(await readQueue(ledger, rig), rig).length === 0) return report.build('idle');
  const taken = await takeMergeLease(ctx, rig.name, `merge queue of ${rig.name}`);
  if (!taken.got) {
    report.waiting(taken.by);
    return report.build('held');
  }
  await using lease = taken.lease;
  const remote = await openPushRemote(ctx, rig, settings.strategy);
  const results = openGateResults(ctx, rig, settings);
  const owner = await ownerText(ctx, rig);
  // Read again: another engine may have worked until we got the lock.
  for (const { target, bead } of busyTargets(await readQueue(ledger, rig), rig)) {
    if (bead !== undefined && isElsewhere(ctx, { owner, bead })) {
      report.waiting(`the lane of ${target} is worked by ${readLane(bead).owner}`);
      continue;
    }
    const lane = await openLane({ ctx, rig, ledger, owner }, { target, bead });
    // Recorded by an engine that was killed while its gates ran.
    if (lane.record.proving !== undefined) await stopStrayGates(ctx, rig);
    const engine = { ctx, rig, settings, ledger, lease, lane, remote, results, report, signal };
    if (!(await runGuarded(engine))) return report.build('lost');
  }
  await Promise.all([results.prune(), pruneLogs(ctx, rig), pruneFlakes(ctx, rig)]);
  return report.build(signal.aborted ? 'stopped' : undefined);
}

/** One lane; trouble of the outside world is reported and does not stop the other lanes. False = the lane was lost. */
async function runGuarded(engine: Engine): Promise<boolean> {
  try {
    if (engine.settings.strategy === 'direct') await runLane(engine);
    else await runPullRequests(engine, await openForge(engine));
  } catch (error) {
    if (isLostLane(error)) return sayLost(engine.report, error);
    if (!isOutside(error)) throw error;
    engine.report.waiting(error.hint === undefined ? error.message : `${error.message}. ${error.hint}`);
  }
  return true;
}

/** Not our fault and not a change's: also a forge whose program, token or URL is missing. */
function isOutside(error: unknown): error is GtError {
  if (error instanceof UnavailableError || error instanceof ExternalError) return true;
  return error instanceof GtError && error.code.startsWith('forge.');
}

/** The forge of the rig's repository; work is pushed there, or to a fork of it. */
function openForge({ ctx, rig, settings }: Engine): Promise<Forge> {
  const { gitUrl, pushUrl } = rig;
  return ctx.ports.forge({ kind: settings.provider, baseUrl: gitUrl, headUrl: pushUrl ?? gitUrl });
}

function sayLost(report: ReportBuilder, error: unknown): false {
  report.waiting(messageOf(error));
  return false;
}

/**
 * Worked by another machine, whose locks we do not see. An owner on this machine is dead: we hold the lock.
 */
function isElsewhere(
  ctx: TownContext,
  { owner, bead }: { readonly owner: string; readonly bead: Parameters<typeof readLane>[0] },
): boolean {
  const lane = readLane(bead);
  const host = (text: string): string => text.slice(0, text.lastIndexOf(':'));
  if (lane.owner === '' || host(lane.owner) === host(owner)) return false;
  // Clocks of machines differ a little; the record's `rev` fences whoever is wrong about it.
  return isAhead(lane.lease_until, { now: ctx.ports.clock.now(), atMost: 10 * LANE_LEASE_MS });
}
