import { parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { Sha } from '../core/names.ts';
import type { RefChange } from '../ports/git.ts';
import { bench } from './bench.ts';
import { batchSize } from './batch-size.ts';
import { nextSingle, noteBroken } from './broken-target.ts';
import { buildChain } from './build-chain.ts';
import type { PinnedRequest } from './chain-order.ts';
import { unitsOf, waitingGroups } from './groups.ts';
import type { ChainLink } from './lane.ts';
import { laneRef, timestamp } from './engine.ts';
import type { Engine } from './engine.ts';
import { evict, redEvidence } from './evict.ts';
import { FLAKE_MEMORY_MS } from './flakes.ts';
import type { Candidate } from './gate-results.ts';
import type { History } from './history.ts';
import { MANY_LOSSES } from './land.ts';
import type { Look } from './look.ts';
import { nextStep } from './next-step.ts';
import type { Step, TreeKnowledge } from './next-step.ts';
import { linksOf, recordChain } from './place.ts';
import { chainProbe, redsOf, runRound } from './round.ts';
import { spareProbes } from './spare.ts';
import { isRecent } from './time-limits.ts';

/** H2: the chain for what is queued now. */
export async function chainUp(engine: Engine, look: Look, history: History): Promise<void> {
  const { ctx, lane, remote } = engine;
  const { candidates, standing, missing } = look.survey;
  const single = lane.record.broken === undefined ? undefined : nextSingle(engine, candidates);
  const chosen = lane.record.broken === undefined ? candidates : single === undefined ? [] : [single];
  const arrivals = arrivalsOf(engine, candidates);
  ctx.failpoint('H2', 'before');
  const apart = [...standing, ...candidates.filter((pinned) => !chosen.includes(pinned))];
  const placements = await buildChain(engine, {
    history,
    candidates: chosen,
    standing: apart,
    chain: lane.record.chain,
    waiting: await waitingGroups(engine, { candidates: chosen, standing: apart }),
  });
  const links = linksOf(placements);
  const tip = links.at(-1)?.commit;
  const known = new Set(lane.record.chain.map((link) => link.commit));
  const keep = (name: string, to: Sha): RefChange => ({ ref: laneRef(lane, name), to, from: 'any' });
  const heads = links
    .filter(({ commit }) => !known.has(commit))
    .map((link) => keep(`heads/${link.mr}`, link.head));
  const chain = tip === undefined || known.has(tip) ? [] : [keep('chain', tip)];
  await ctx.ports.git.objects.updateRefs(remote.repo, [...heads, ...chain]);
  const pins = new Map([...candidates, ...standing].map(({ mr, head }) => [mr.id as string, head]));
  await recordChain(engine, { base: history.base, placements, heads: pins, missing, arrivals });
  ctx.failpoint('H2', 'after');
}

/** How many changes had landed when each waiting one came. */
function arrivalsOf(
  { lane }: Engine,
  candidates: readonly PinnedRequest[],
): Readonly<Record<string, number>> {
  const { arrivals, landings } = lane.record;
  return Object.fromEntries(candidates.map(({ mr }) => [mr.id, arrivals[mr.id] ?? landings]));
}

export interface Search {
  readonly look: Look;
  readonly history: History;
  /** What is done with a proven prefix; false = the pass ends. */
  readonly land: (position: number) => Promise<boolean>;
}

/** Does the next step of the search. False when there is nothing more to do now. */
export async function searchStep(engine: Engine, { look, history, land }: Search): Promise<boolean> {
  const base: Candidate = { commit: history.base, tree: history.tree };
  const step = await decide(engine, base);
  switch (step.kind) {
    case 'idle':
      if (engine.lane.record.broken !== undefined) reportBroken(engine);
      return false;
    case 'land':
      return land(step.position);
    case 'probe':
      await runRound(
        engine,
        base,
        step.positions.map((position) => chainProbe(engine, base, position)),
      );
      return landIfProven(engine, base, land);
    case 'prove-base':
      await runRound(engine, base, [{ ...chainProbe(engine, base, 0), alone: true }]);
      return true;
    case 'confirm':
      await runRound(engine, base, [
        { ...chainProbe(engine, base, step.position), alone: true },
        ...(await spareProbes(engine, {
          look,
          history,
          suspects: lastUnit(engine, step.position),
          positions: step.spare,
        })),
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

/** At once, while nothing else was looked at: the push looks at all that counts by itself. */
async function landIfProven(engine: Engine, base: Candidate, land: Search['land']): Promise<boolean> {
  const next = await decide(engine, base);
  return next.kind !== 'land' || engine.signal.aborted || land(next.position);
}

async function decide(engine: Engine, base: Candidate): Promise<Step> {
  const { chain, outcomes, lost, flaked } = engine.lane.record;
  const { maxBatch, slots, maxReds } = engine.settings;
  const now = engine.ctx.ports.clock.now();
  const isFlaky = isRecent(flaked, { now, within: FLAKE_MEMORY_MS });
  const units = unitsOf(chain, ({ group }) => group);
  const ends = units.flatMap((unit) => unit.at(-1) ?? []);
  const step = nextStep({
    base: await knowledgeOf(engine, base),
    links: await Promise.all(ends.map((link) => knowledgeOf(engine, link))),
    // Against a busy remote small pushes win more often.
    batch: lost >= MANY_LOSSES ? 1 : batchSize(outcomes, maxBatch),
    slots,
    // One flake in twenty runs costs a good change in two thousand with two, hardly any with three.
    sameReds: isFlaky ? 3 : 2,
    maxReds,
  });
  // The search counts units, the chain links.
  const linksIn = (position: number): number => units.slice(0, position).flat().length;
  if ('position' in step) return { ...step, position: linksIn(step.position) };
  return step.kind === 'probe' ? { ...step, positions: step.positions.map(linksIn) } : step;
}

/** The links that end at a position and land together. */
function lastUnit({ lane }: Engine, position: number): readonly ChainLink[] {
  return unitsOf(lane.record.chain.slice(0, position), ({ group }) => group).at(-1) ?? [];
}

async function knowledgeOf(engine: Engine, candidate: Candidate): Promise<TreeKnowledge> {
  const missing = await engine.results.missing(candidate);
  const reds = redsOf(engine, candidate.tree);
  const soft = reds.filter((red) => red.quarantined);
  // Reds of quarantined tests alone are run again first; only when they stay do they point anywhere.
  const counted = soft.length > engine.settings.softReds ? reds : reds.filter((red) => !red.quarantined);
  return { green: missing.length === 0, reds: counted.map((red) => red.fingerprint) };
}

/** A group is sent back as a whole: its parts are meant to pass together only, so none of them is to blame alone. */
async function evictAt(engine: Engine, base: Candidate, position: number): Promise<void> {
  const { lane, ledger, ctx } = engine;
  const { chain } = lane.record;
  const unit = lastUnit(engine, position);
  const beads = new Map(
    (await ledger.list({ ids: unit.map(({ mr }) => mr) })).map((bead) => [bead.id, bead]),
  );
  const tree = unit.at(-1)?.tree;
  if (tree === undefined || beads.size < unit.length) return lane.save({ chain: [] });
  const reds = redsOf(engine, tree);
  const greenTree = chain[position - unit.length - 1]?.tree ?? base.tree;
  const facts = { reds, redTree: tree, greenTree, base: base.commit, at: timestamp(ctx) };
  for (const link of unit) {
    const bead = beads.get(link.mr);
    if (bead === undefined) continue;
    const mr = parseMergeRequest(bead);
    if (reds.every((red) => red.quarantined)) await bench(engine, { link, mr, reds });
    else await evict(engine, { mr, evidence: redEvidence({ ...facts, link }) });
  }
}

function reportBroken({ lane, report }: Engine): void {
  const { target, broken } = lane.record;
  const tried = broken?.tried.length ?? 0;
  report.waiting(`${target} fails its own gates; ${tried} tried alone, none of them mends it`);
}
