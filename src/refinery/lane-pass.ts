import type { Sha } from '../core/names.ts';
import { followTarget } from './base.ts';
import { clearBroken, staleBroken } from './broken-target.ts';
import { finishLandings } from './clean-up.ts';
import { laneRef } from './engine.ts';
import type { Engine } from './engine.ts';
import { readHistory } from './history.ts';
import type { History } from './history.ts';
import { isWaiting } from './infra.ts';
import { landPrefix, MANY_LOSSES } from './land.ts';
import { lookAround } from './look.ts';
import type { Look } from './look.ts';
import { sendNotices } from './notices.ts';
import { chainUp, searchStep } from './search.ts';
import type { Search } from './search.ts';
import { settleIntent } from './settle.ts';
import { isUnwanted } from './unwanted.ts';

/** Steps of one pass before it hands over to the next; far more than a full queue needs. */
const MAX_STEPS = 500;

/** One pass over a lane: everything that can be done now, in the order of spec 11 H. */
export async function runLane(engine: Engine): Promise<void> {
  await settleIntent(engine);
  await sendNotices(engine);
  let view: LaneView | undefined;
  for (let step = 0; step < MAX_STEPS && !engine.signal.aborted; step += 1) {
    view = await lookAtLane(engine, view?.history);
    if (view === undefined) return;
    const land = (position: number): Promise<boolean> => landProven(engine, position);
    if (!(await takeStep(engine, { ...view, land }))) return;
  }
}

/** H2 and what follows from it. False when there is nothing more to do now. */
export async function takeStep(engine: Engine, search: Search): Promise<boolean> {
  try {
    await chainUp(engine, search.look, search.history);
    if (engine.lane.record.landing.some(({ told }) => !told)) return true;
    return await searchStep(engine, search);
  } catch (error) {
    // Rejected or handed in anew while we worked: nothing was written, look again.
    if (isUnwanted(error)) return true;
    throw error;
  }
}

/** What a step stands on: the queue and the remote, and the commits around the target's tip. */
export interface LaneView {
  readonly look: Look;
  readonly history: History;
}

/** H1, after what earlier landings left to do. undefined = nothing may be done on this lane now. */
export async function lookAtLane(engine: Engine, known: History | undefined): Promise<LaneView | undefined> {
  await finishLandings(engine);
  if (!mayRun(engine)) return undefined;
  engine.ctx.failpoint('H1', 'before');
  const look = await lookAround(engine);
  engine.ctx.failpoint('H1', 'after');
  if (look === undefined) return undefined;
  if (look.tip === undefined) {
    engine.report.waiting(`${engine.lane.record.target} is not on the remote`);
    return undefined;
  }
  if (!(await followTarget(engine, look.tip))) return undefined;
  await forgetStale(engine, look.tip);
  return { look, history: known?.base === look.tip ? known : await readHistory(engine, look.tip) };
}

/** Paused, or waiting after trouble: said in the report, nothing done. */
function mayRun({ ctx, lane, rig, report }: Engine): boolean {
  const { paused, infra } = lane.record;
  if (paused !== undefined) {
    report.waiting(`paused: ${paused.why}. Run: gt mq resume ${rig.name}`);
    return false;
  }
  if (!isWaiting(lane.record, ctx.ports.clock.now())) return true;
  report.waiting(`${infra.why}: tried again at ${infra.retry_at}`);
  report.retryAt(infra.retry_at);
  return false;
}

/** Red runs of other gates, and a broken target that may be whole again, are not believed any longer. */
async function forgetStale(engine: Engine, tip: Sha): Promise<void> {
  const { lane, results } = engine;
  if (lane.record.gates !== results.identity) {
    await clearBroken(engine, 'the gates have changed');
    await lane.save({ gates: results.identity, reds: [] });
  }
  const stale = staleBroken(engine, tip);
  if (stale !== undefined) await clearBroken(engine, stale);
}

async function landProven(engine: Engine, position: number): Promise<boolean> {
  const { lane, settings, report, ctx, remote } = engine;
  const last = lane.record.chain[position - 1];
  if (!settings.autoPush && last !== undefined) {
    await ctx.ports.git.objects.updateRef(remote.repo, laneRef(lane, 'head'), {
      to: last.commit,
      from: 'any',
    });
    report.waiting(`auto_push is off: ${position} proven at ${laneRef(lane, 'head')}`);
    return false;
  }
  const before = lane.record.lost;
  await landPrefix(engine, position);
  return lane.record.lost <= before || lane.record.lost % MANY_LOSSES !== 0;
}
