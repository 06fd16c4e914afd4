import { parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { ExternalError } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import { addOutcomes } from './batch-size.ts';
import { closeForeignSource, closeLanded, landingEntry } from './close-landed.ts';
import { laneRef } from './engine.ts';
import type { Engine } from './engine.ts';
import type { ChainLink } from './lane.ts';
import { fetchBranches, readHeads } from './push-remote.ts';
import { landedMark } from './trailers.ts';

/** `landed`: the target has it and the ledger says so · `not-there`: it was not pushed, the intent is gone. */
export type Settled = 'landed' | 'not-there' | 'none';

/**
 * Decides a push that may have happened, by what the remote says and nothing else (H6), and closes what landed
 * (H7). The same after our own push, after a lost answer and after a kill. Throws UnavailableError while the
 * remote does not answer: the intent then stays.
 */
export async function settleIntent(engine: Engine): Promise<Settled> {
  const { ctx, lane, remote } = engine;
  const { intent, target } = lane.record;
  if (intent === undefined) return 'none';
  ctx.failpoint('H6', 'before');
  const heads = await readHeads(ctx, remote);
  const tip = heads.heads.get(target);
  const there = tip !== undefined && (await contains(engine, { tip, commit: intent.new, heads }));
  ctx.failpoint('H6', 'after');
  if (!there) {
    await lane.save({ intent: undefined });
    return 'not-there';
  }
  const links = lane.record.chain.slice(0, intent.count);
  // At the very commit that was checked before the push there is nothing to look for.
  if (tip !== intent.new) await assertAllThere(engine, { old: intent.old, tip, links });
  await closeAll(engine, { links, landed: intent.new });
  return 'landed';
}

async function contains(
  engine: Engine,
  facts: { readonly tip: Sha; readonly commit: Sha; readonly heads: Awaited<ReturnType<typeof readHeads>> },
): Promise<boolean> {
  const { ctx, remote, lane } = engine;
  if (facts.tip === facts.commit) return true;
  await fetchBranches(ctx, remote, { heads: facts.heads, branches: [lane.record.target] });
  return (await ctx.ports.git.objects.mergeBase(remote.repo, facts.commit, facts.tip)) === facts.commit;
}

/** P8: every patch is present before anything is called merged: by its trailer, else by its content. */
async function assertAllThere(
  engine: Engine,
  facts: { readonly old: Sha; readonly tip: Sha; readonly links: readonly ChainLink[] },
): Promise<void> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const commits = await objects.log(repo, { from: facts.old, to: facts.tip, limit: 10_000 });
  const marks = commits.map(landedMark).filter((mark) => mark !== undefined);
  for (const link of facts.links) {
    if (marks.some((mark) => mark.mr === link.mr && mark.head === link.head)) continue;
    if ((await objects.missingPatches(repo, facts.tip, link.head)).length === 0) continue;
    throw new ExternalError({
      code: 'mq.patch-missing',
      message: `${link.mr} was pushed, but its changes are not in ${engine.lane.record.target}`,
      hint: `Run: git -C ${repo} log ${facts.old.slice(0, 10)}..${facts.tip.slice(0, 10)}`,
    });
  }
}

/** H7: merge requests, beads, dependents, agent rows and lane in one transaction. */
async function closeAll(
  engine: Engine,
  { links, landed }: { readonly links: readonly ChainLink[]; readonly landed: Sha },
): Promise<void> {
  const { ctx, lane, rig } = engine;
  const requests = await readRequests(engine, links);
  for (const mr of requests.values()) await closeForeignSource(engine, mr);
  ctx.failpoint('H7', 'before');
  const { record } = lane;
  const rest = record.chain.slice(links.length);
  await lane.save(
    {
      base: landed,
      landed,
      chain: rest,
      reds: record.reds.filter((red) => rest.some((link) => link.tree === red.tree)),
      landing: [...record.landing, ...entriesOf(links, requests)],
      intent: undefined,
      landings: record.landings + links.length,
      lost: 0,
      infra: { strikes: 0, retry_at: '', why: '' },
      outcomes: addOutcomes(record.outcomes, links.length, 0),
    },
    async (tx) => {
      for (const link of links) await closeLanded(tx, rig, link);
    },
  );
  ctx.failpoint('H7', 'after');
  await ctx.ports.git.objects.updateRef(engine.remote.repo, laneRef(lane, 'landed'), {
    to: landed,
    from: 'any',
  });
  for (const link of links) {
    const mr = requests.get(link.mr);
    if (mr !== undefined) {
      const { branch, sourceIssue: issue } = mr;
      engine.report.landed({ mr: link.mr, issue, branch, commit: link.commit });
    }
  }
}

async function readRequests(
  engine: Engine,
  links: readonly ChainLink[],
): Promise<ReadonlyMap<string, MergeRequest>> {
  const beads = await engine.ledger.list({ ids: links.map((link) => link.mr) });
  return new Map(beads.map((bead) => [bead.id, parseMergeRequest(bead)]));
}

function entriesOf(links: readonly ChainLink[], requests: ReadonlyMap<string, MergeRequest>) {
  return links.flatMap((link) => {
    const mr = requests.get(link.mr);
    return mr === undefined ? [] : [landingEntry(mr, link)];
  });
}
