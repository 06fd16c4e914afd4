import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { finishLandings } from './clean-up.ts';
import { closeForeignSource, closeLanded, landingEntry } from './close-landed.ts';
import type { Engine } from './engine.ts';
import { findMergeRequest } from './find-request.ts';
import { readHistory } from './history.ts';
import { withEngine } from './open-engine.ts';
import { fetchBranches, readHeads } from './push-remote.ts';

export interface PostMerge {
  readonly mr: string;
  readonly keepBranch: boolean;
  readonly signal: AbortSignal;
}

/**
 * `mq post-merge`: everything that follows a landing, for work that was merged by somebody else (spec 04 A8). What
 * counts is what the remote holds: by our trailer, by ancestry, or because every patch is there. May be done twice.
 * RefusedError `mq.not-landed` `mq.busy`.
 */
export async function finishMerged(ctx: TownContext, rig: Rig, request: PostMerge): Promise<MergeRequest> {
  const mr = await findMergeRequest(await ctx.ledgers.open(rig.database), rig, request.mr);
  const target = mr.target ?? rig.defaultBranch;
  const purpose = `clean-up after ${mr.id}`;
  return withEngine(ctx, rig, { target, purpose, signal: request.signal }, async (engine) => {
    const landing = await landingOf(engine, mr);
    if (landing === undefined) throw notLanded(mr, target);
    await closeForeignSource(engine, mr);
    const entry = landingEntry(mr, landing);
    await engine.lane.save({ landing: [...engine.lane.record.landing, entry] }, (tx) =>
      closeLanded(tx, rig, landing),
    );
    if (!request.keepBranch) await finishLandings(engine);
    else await engine.lane.save({ landing: engine.lane.record.landing.filter((each) => each.mr !== mr.id) });
    return findMergeRequest(engine.ledger, rig, mr.id);
  });
}

interface Landed {
  readonly mr: MergeRequest['id'];
  readonly head: Sha;
  readonly commit: Sha;
}

async function landingOf(engine: Engine, mr: MergeRequest): Promise<Landed | undefined> {
  const { ctx, remote, lane } = engine;
  const { objects } = ctx.ports.git;
  const heads = await readHeads(ctx, remote);
  await fetchBranches(ctx, remote, { heads, branches: [lane.record.target, mr.branch] });
  const tip = heads.heads.get(lane.record.target);
  const head = mr.commit ?? heads.heads.get(mr.branch);
  if (tip === undefined || head === undefined) return undefined;
  const known = (await readHistory(engine, tip)).landing(mr.id, head);
  if (known !== undefined) return { mr: mr.id, head, commit: known };
  if ((await objects.resolve(remote.repo, head)) === undefined) return undefined;
  const isThere =
    (await objects.mergeBase(remote.repo, head, tip)) === head ||
    (await objects.missingPatches(remote.repo, tip, head)).length === 0;
  return isThere ? { mr: mr.id, head, commit: tip } : undefined;
}

function notLanded(mr: MergeRequest, target: string): RefusedError {
  return new RefusedError({
    code: 'mq.not-landed',
    message: `${mr.id}: the changes of ${mr.branch} are not on ${target}`,
    hint: `See why: gt mq explain ${mr.id}`,
  });
}
