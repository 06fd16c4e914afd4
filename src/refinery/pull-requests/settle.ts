import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import { ExternalError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import type { PullRequest } from '../../ports/forge.ts';
import { closeForeignSource, closeLanded, landingEntry } from '../close-landed.ts';
import type { Engine } from '../engine.ts';
import type { ChainLink } from '../lane.ts';
import { fetchBranches, readHeads } from '../push-remote.ts';

/**
 * A pull request that its forge calls merged: believed once its commit is read back from the target (P8), then
 * closed with everything that hangs on it. ExternalError `mq.patch-missing`.
 */
export async function settleMerged(
  engine: Engine,
  { mr, link, pr }: { readonly mr: MergeRequest; readonly link: ChainLink; readonly pr: PullRequest },
): Promise<void> {
  const { lane, rig, ctx, remote, report } = engine;
  const { tip, commit } = await readBack(engine, pr);
  const head = (await ctx.ports.git.objects.resolve(remote.repo, pr.head)) ?? link.head;
  const landing = { mr: mr.id, head, commit };
  await closeForeignSource(engine, mr);
  await lane.save(
    { base: tip, landed: commit, chain: [], landing: [...lane.record.landing, landingEntry(mr, landing)] },
    (tx) => closeLanded(tx, rig, landing),
  );
  report.landed({ mr: mr.id, issue: mr.sourceIssue, branch: mr.branch, commit });
}

async function readBack(
  engine: Engine,
  pr: PullRequest,
): Promise<{ readonly tip: Sha; readonly commit: Sha }> {
  const { ctx, remote, lane } = engine;
  const { target } = lane.record;
  const heads = await readHeads(ctx, remote);
  await fetchBranches(ctx, remote, { heads, branches: [target] });
  const { objects } = ctx.ports.git;
  const tip = heads.heads.get(target);
  const commit =
    pr.mergeCommit === undefined ? undefined : await objects.resolve(remote.repo, pr.mergeCommit);
  const isThere =
    tip !== undefined &&
    commit !== undefined &&
    (await objects.mergeBase(remote.repo, commit, tip)) === commit;
  if (isThere) return { tip, commit };
  throw new ExternalError({
    code: 'mq.patch-missing',
    message: `pull request #${pr.number} is called merged, but its commit is not on ${target}`,
    hint: `Look at ${pr.url}`,
  });
}
