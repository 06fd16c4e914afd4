import { parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { Sha } from '../core/names.ts';
import { followTarget } from './base.ts';
import { batchSize } from './batch-size.ts';
import { clearBroken, nextSingle, noteBroken, staleBroken } from './broken-target.ts';
import { buildChain } from './build-chain.ts';
import { finishLandings } from './clean-up.ts';
import { laneRef, timestamp } from './engine.ts';
import type { Engine } from './engine.ts';
import { countEvictions, evict, redEvidence } from './evict.ts';
import type { Candidate } from './gate-results.ts';
import { readHistory } from './history.ts';
import type { History } from './history.ts';
import { landPrefix, MANY_LOSSES } from './land.ts';
import { lookAround } from './look.ts';
import type { Look } from './look.ts';
import { nextStep } from './next-step.ts';
import type { Step, TreeKnowledge } from './next-step.ts';
import { linksOf, recordChain } from './place.ts';
import { chainProbe, redsOf, runRound } from './round.ts';
import { spareProbes } from './spare.ts';
import { settleIntent } from './settle.ts';

/** Steps of one pass before it hands over to the next; far more than a full queue needs. */
const MAX_STEPS = 500;

/** One pass over a lane: everything that can be done now, in the order of spec 11 H. */
export async function runLane(engine: Engine): Promise<void> {
  await settleIntent(engine);
  await countEvictions(engine);
  let history: History | undefined;
  for (let step = 0; step < MAX_STEPS && !engine.signal.aborted; step += 1) {
    await finishLandings(engine);
    if (!mayRun(engine)) return;
    engine.ctx.failpoint('H1', 'before');
    const look = await lookAround(engine);
    engine.ctx.failpoint('H1', 'after');
    if (look.tip === undefined) {
      engine.report.waiting(`${engine.lane.record.target} is not on the remote`);
      return;
    }
    if (!(await followTarget(engine, look.tip))) return;
    await forgetStale(engine, look.tip);
    history = history?.base === look.tip ? history : await readHistory(engine, look.tip);
    await chainUp(engine, look, history);
    if (engine.lane.record.landing.length > 0) continue;
    if (!(await act(engine, look, history))) return;
  }
}

/** Paused, or waiting after trouble: said in the report, nothing done. */
function mayRun({ ctx, lane, rig, report }: Engine): boolean {
  const { paused, infra } = lane.record;
  if (paused !== undefined) {
    report.waiting(`paused: ${paused.why}. Run: gt mq resume ${rig.name}`);
    return false;
  }
  if (infra.retry_at === '' || ctx.ports.clock.now() >= Date.parse(infra.retry_at)) return true;
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

/** H2: the chain for what is queued now. */
async function chainUp(engine: Engine, look: Look, history: History): Promise<void> {
  const { ctx, lane, remote } = engine;
  const { candidates, standing, missing } = look.survey;
  const single = lane.record.broken === undefined ? undefined : nextSingle(engine, candidates);
  const chosen = lane.record.broken === undefined ? candidates : single === undefined ? [] : [single];
  ctx.failpoint('H2', 'before');
  const placements = await buildChain(engine, {
    history,
    candidates: chosen,
    standing: [...standing, ...candidates.filter((pinned) => !chosen.includes(pinned))],
    chain: lane.record.chain,
  });
  const links = linksOf(placements);
  const tip = links.at(-1)?.commit;
  const known = new Set(lane.record.chain.map((link) => link.commit));
  for (const link of links.filter(({ commit }) => !known.has(commit))) {
    const ref = laneRef(lane, `heads/${link.mr}`);
    await ctx.ports.git.objects.updateRef(remote.repo, ref, { to: link.head, from: 'any' });
  }
  if (tip !== undefined && !known.has(tip)) {
    await ctx.ports.git.objects.updateRef(remote.repo, laneRef(lane, 'chain'), { to: tip, from: 'any' });
  }
  const heads = new Map([...candidates, ...standing].map(({ mr, head }) => [mr.id as string, head]));
  await recordChain(engine, { base: history.base, placements, heads, missing });
  ctx.failpoint('H2', 'after');
}

/** Does the next step of the search. False when there is nothing more to do now. */
async function act(engine: Engine, look: Look, history: History): Promise<boolean> {
  const base: Candidate = { commit: history.base, tree: history.tree };
  const step = await decide(engine, base);
  switch (step.kind) {
    case 'idle':
      if (engine.lane.record.broken !== undefined) reportBroken(engine);
      return false;
    case 'land':
      return land(engine, step.position);
    case 'probe':
      await runRound(
        engine,
        base,
        step.positions.map((position) => chainProbe(engine, base, position)),
      );
      return true;
    case 'prove-base':
      await runRound(engine, base, [{ ...chainProbe(engine, base, 0), alone: true }]);
      return true;
    case 'confirm':
      await runRound(engine, base, [
        { ...chainProbe(engine, base, step.position), alone: true },
        ...(await spareProbes(engine, { look, history, suspect: step.position, positions: step.spare })),
      ]);
      return true;
    case 'evict':
      await evictAt(engine, base, step.position);
      return true;
    case 'target-broken':
      await noteBroken(engine, base);
      return true;
  }
}

async function decide(engine: Engine, base: Candidate): Promise<Step> {
  const { chain, outcomes, lost } = engine.lane.record;
  const { maxBatch, slots, maxReds } = engine.settings;
  return nextStep({
    base: await knowledgeOf(engine, base),
    links: await Promise.all(chain.map((link) => knowledgeOf(engine, link))),
    // Against a busy remote small pushes win more often.
    batch: lost >= MANY_LOSSES ? 1 : batchSize(outcomes, maxBatch),
    slots,
    maxReds,
  });
}

async function knowledgeOf(engine: Engine, candidate: Candidate): Promise<TreeKnowledge> {
  const missing = await engine.results.missing(candidate);
  return {
    green: missing.length === 0,
    reds: redsOf(engine, candidate.tree).map((red) => red.fingerprint),
  };
}

async function land(engine: Engine, position: number): Promise<boolean> {
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
  return lane.record.lost === before || lane.record.lost % MANY_LOSSES !== 0;
}

async function evictAt(engine: Engine, base: Candidate, position: number): Promise<void> {
  const { lane, ledger, ctx } = engine;
  const link = lane.record.chain[position - 1];
  const bead = link === undefined ? undefined : await ledger.get(link.mr);
  if (link === undefined || bead === undefined) return lane.save({ chain: [] });
  const reds = redsOf(engine, link.tree);
  const green = lane.record.chain[position - 2]?.tree ?? base.tree;
  const evidence = redEvidence({ reds, link, greenTree: green, base: base.commit, at: timestamp(ctx) });
  return evict(engine, { mr: parseMergeRequest(bead), evidence });
}

function reportBroken({ lane, report }: Engine): void {
  const { target, broken } = lane.record;
  const tried = broken?.tried.length ?? 0;
  report.waiting(`${target} fails its own gates; ${tried} tried alone, none of them mends it`);
}
