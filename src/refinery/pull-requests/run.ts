import type { Forge, PullRequest } from '../../ports/forge.ts';
import type { Engine } from '../engine.ts';
import { lookAtLane, takeStep } from '../lane-pass.ts';
import type { LaneView } from '../lane-pass.ts';
import type { PinnedRequest } from '../chain-order.ts';
import { sendNotices } from '../notices.ts';
import { byScore } from '../score.ts';
import { settleIntent } from '../settle.ts';
import { advancePullRequest } from './advance.ts';
import type { ForgeView } from './advance.ts';
import { proveTarget } from './prove-target.ts';

/** Steps for one merge request in one pass: proof, confirmation, verdict. */
const MAX_STEPS = 20;

/**
 * One pass over a lane that lands through pull requests: each merge request is proven by itself on the target's tip,
 * then taken a step further on its forge. One look at the forge serves all.
 */
export async function runPullRequests(engine: Engine, forge: Forge): Promise<void> {
  // Left by an engine that pushed by itself, before the setting was changed.
  await settleIntent(engine);
  await sendNotices(engine);
  const first = await lookAtLane(engine, undefined);
  if (first === undefined) return;
  const view = { forge, open: byBranch(await forge.list(engine.lane.record.target)) };
  const compare = byScore(engine.ctx.ports.clock.now());
  const order = first.look.survey.candidates.toSorted((left, right) => compare(left.mr, right.mr));
  for (const { mr } of order) {
    if (engine.signal.aborted) return;
    await runOne(engine, view, mr.id);
  }
  await lookAtLane(engine, first.history);
  const { base } = engine.lane.record;
  if (base !== undefined && engine.report.hasLanded()) await proveTarget(engine, base);
}

function byBranch(open: readonly PullRequest[]): ReadonlyMap<string, PullRequest> {
  return new Map(open.toSorted((a, b) => a.number - b.number).map((pr) => [pr.branch, pr]));
}

async function runOne(engine: Engine, view: ForgeView, id: string): Promise<void> {
  let lane: LaneView | undefined;
  for (let step = 0; step < MAX_STEPS && !engine.signal.aborted; step += 1) {
    lane = await lookAtLane(engine, lane?.history);
    const pinned = lane?.look.survey.candidates.find(({ mr }) => mr.id === id);
    if (lane === undefined || pinned === undefined) return;
    const alone = onlyOne(lane, pinned);
    const land = async (): Promise<boolean> => {
      const link = engine.lane.record.chain[0];
      if (link !== undefined) await advancePullRequest(engine, view, link);
      return false;
    };
    if (!(await takeStep(engine, { ...alone, land }))) return;
  }
}

/** The others count as open work that nothing may be stacked on, and stay as they are. */
function onlyOne({ look, history }: LaneView, pinned: PinnedRequest): LaneView {
  const { candidates, standing, missing } = look.survey;
  const others = candidates.filter((other) => other !== pinned);
  return {
    history,
    look: { ...look, survey: { candidates: [pinned], standing: [...standing, ...others], missing } },
  };
}
