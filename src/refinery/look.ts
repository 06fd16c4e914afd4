import { openMergeRequests } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { Sha } from '../core/names.ts';
import { isBenched } from './bench.ts';
import { claimBy, isStale } from './claims.ts';
import type { Engine } from './engine.ts';
import { fetchBranches, readHeads } from './push-remote.ts';
import type { LaneHeads } from './push-remote.ts';
import { ofLane, surveyLane } from './survey.ts';
import type { BranchFacts, Survey } from './survey.ts';

/** One look at the ledger and the remote, in this order (see below). */
export interface Look {
  readonly survey: Survey;
  readonly heads: LaneHeads;
  /** Tip of the target on the remote; undefined = it has no such branch. */
  readonly tip: Sha | undefined;
}

/**
 * Reads the lane's merge requests, then the remote, and fetches what is new there. The order matters: a head is
 * on the remote before its row says so, so rows read first are never newer than the remote's answer. undefined = there
 * is nothing in the lane, and the remote was not asked.
 */
export async function lookAround(engine: Engine): Promise<Look | undefined> {
  const { ctx, rig, ledger, remote, lane } = engine;
  const { target, chain } = lane.record;
  const all = await openMergeRequests(ledger, rig.name);
  const requests = ofLane(all, { rig: rig.name, target, defaultBranch: rig.defaultBranch });
  if (requests.length === 0 && chain.length === 0) return undefined;
  const heads = await readHeads(ctx, remote);
  await fetchBranches(ctx, remote, { heads, branches: [target, ...requests.map((mr) => mr.branch)] });
  const facts = new Map<string, BranchFacts>();
  for (const mr of requests) facts.set(mr.id, await branchFacts(engine, mr, heads));
  return { survey: surveyLane(requests, facts), heads, tip: heads.heads.get(target) };
}

async function branchFacts(engine: Engine, mr: MergeRequest, heads: LaneHeads): Promise<BranchFacts> {
  const remoteTip = heads.heads.get(mr.branch);
  const isHeld = isHeldBack(engine, mr, remoteTip);
  if (mr.commit === undefined) return { remoteTip, hasPinned: false, isHeld };
  if (remoteTip === mr.commit) return { remoteTip, hasPinned: true, isHeld };
  const found = await engine.ctx.ports.git.objects.resolve(engine.remote.repo, mr.commit);
  return { remoteTip, hasPinned: found === mr.commit, isHeld };
}

function isHeldBack({ rig, ctx, settings, lane }: Engine, mr: MergeRequest, tip: Sha | undefined): boolean {
  const now = ctx.ports.clock.now();
  const claim = claimBy(mr, rig);
  const isClaimed = claim !== undefined && !isStale(claim, { now, afterMs: settings.staleClaimMs });
  return isClaimed || isBenched(lane.record, { mr: mr.id, head: tip ?? mr.commit }, now);
}
