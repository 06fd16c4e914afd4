import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { ExternalError, RefusedError } from '../../core/errors.ts';
import type { Sha, WorkerName } from '../../core/names.ts';
import { keptInRescue, pushRemote } from '../../hooks/reachable.ts';
import { keep } from '../../hooks/rescue.ts';
import { submodulesOf } from '../../hooks/submodules.ts';
import type { PushOutcome, RemoteHeads } from '../../ports/git.ts';
import type { Rig } from '../../rig/registry.ts';

export interface PushRequest {
  readonly rig: Rig;
  readonly worker: WorkerName;
  readonly worktree: string;
  /** Without refs/heads/. */
  readonly branch: string;
  readonly head: Sha;
  /** What the push remote said a moment ago; the lease guards against what happened since. */
  readonly heads?: RemoteHeads | undefined;
}

/**
 * G3: the branch is on the remote at `head`, read back from the remote itself. Already there = nothing is pushed.
 * ExternalError `done.push-failed`; RefusedError `done.branch-foreign` when the remote's branch has commits that
 * this machine does not know.
 */
export async function pushBranch(ctx: TownContext, request: PushRequest): Promise<void> {
  await pushSubmodules(ctx, request);
  const { rig, branch, head, heads } = request;
  const tip = heads === undefined ? await remoteTip(ctx, request) : heads.heads.get(branch);
  if (tip === head) return;
  if (tip !== undefined) await keepReplaced(ctx, request, tip);
  const outcome = await ctx.ports.git.remotes.push(rig.paths.bare, {
    to: pushRemote(rig),
    updates: [{ ref: `refs/heads/${branch}`, sha: head, lease: tip ?? 'absent' }],
  });
  // The remote decides, not the exit code: a push can report failure after it arrived, or success without a ref.
  if ((await remoteTip(ctx, request)) !== head) throw pushFailed(branch, outcome);
}

async function remoteTip(ctx: TownContext, { rig, branch }: PushRequest): Promise<Sha | undefined> {
  return (await ctx.ports.git.remotes.list(rig.paths.bare, pushRemote(rig))).heads.get(branch);
}

/** The worker rewrote its branch: what the remote has now goes into a rescue ref before it is replaced. */
async function keepReplaced(
  ctx: TownContext,
  { rig, worker, branch, head }: PushRequest,
  tip: Sha,
): Promise<void> {
  const { objects } = ctx.ports.git;
  const { bare } = rig.paths;
  // What the worker replaced it has had itself; what it never saw it cannot have meant to replace.
  if ((await objects.resolve(bare, tip)) === undefined) throw foreignBranch(branch);
  if ((await objects.mergeBase(bare, tip, head)) === tip) return;
  // The branch's own tip on the remote is what goes away, so only a rescue ref counts.
  if (await keptInRescue(ctx, rig, tip)) return;
  await keep(ctx, rig, { label: worker, sha: tip, about: { branch } });
}

/** Commits of submodules must be fetchable before the commit that names them is handed in. */
export async function pushSubmodules(
  ctx: TownContext,
  { worktree, branch }: Pick<PushRequest, 'worktree' | 'branch'>,
): Promise<void> {
  const { objects, remotes } = ctx.ports.git;
  for (const path of await submodulesOf(ctx, worktree)) {
    const repo = join(worktree, path);
    const head = await objects.resolve(repo, 'HEAD');
    if (head === undefined || (await isOnRemote(ctx, repo, head))) continue;
    const updates = [{ ref: `refs/heads/${branch}`, sha: head }];
    const outcome = await remotes.push(repo, { to: 'origin', updates });
    if ((await remotes.list(repo, 'origin')).heads.get(branch) !== head) {
      throw pushFailed(`${branch} of submodule ${path}`, outcome);
    }
  }
}

async function isOnRemote(ctx: TownContext, repo: string, head: Sha): Promise<boolean> {
  const { objects, remotes } = ctx.ports.git;
  for (const tip of (await remotes.list(repo, 'origin')).heads.values()) {
    if (tip === head) return true;
    if ((await objects.resolve(repo, tip)) === undefined) continue;
    if ((await objects.mergeBase(repo, tip, head)) === head) return true;
  }
  return false;
}

function pushFailed(branch: string, outcome: PushOutcome): ExternalError {
  const why = outcome.pushed ? 'the remote does not show it' : outcome.why;
  return new ExternalError({
    code: 'done.push-failed',
    message: `branch ${branch} did not reach the remote: ${why}`,
    hint: 'Your commits are safe here. Run gt done again when the remote answers',
  });
}

function foreignBranch(branch: string): RefusedError {
  return new RefusedError({
    code: 'done.branch-foreign',
    message: `somebody else pushed to ${branch}: the remote has commits that are not here`,
    hint: `Run: git fetch origin ${branch} && git rebase FETCH_HEAD`,
  });
}
