import type { TownContext } from '../../beads/context.ts';
import { ExternalError, RefusedError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { pushRemote } from '../../hooks/reachable.ts';
import type { DoneSubject } from './facts.ts';
import { pushSubmodules } from './push.ts';
import type { DoneWork } from './work.ts';

export interface Landing {
  readonly subject: DoneSubject;
  readonly work: DoneWork;
  readonly head: Sha;
  /** Writes down what is about to happen, before it does. */
  readonly record: () => Promise<void>;
}

/**
 * G3 of strategy direct: moves the target branch to `head`, from exactly where it is now, and asks the remote
 * afterwards (P8). Only forward: what lands is what the worker had in its hands, never a merge nobody has looked at.
 * The merge queue's lock is not taken, as its gates may run for half an hour under it; its own pushes compare and
 * swap as well, so one of the two simply comes second. RefusedError `done.base-moved`; ExternalError
 * `done.push-failed`.
 */
export async function landDirectly(ctx: TownContext, landing: Landing): Promise<void> {
  const { subject, work, head, record } = landing;
  const { target, branch, worktree, pushHeads } = work;
  const tip = pushHeads === undefined ? await targetTip(ctx, landing) : pushHeads.heads.get(target);
  if (!(await isForward(ctx, landing, tip))) throw baseMoved(work);
  await pushSubmodules(ctx, { worktree, branch });
  await record();
  const outcome = await ctx.ports.git.remotes.push(subject.rig.paths.bare, {
    to: pushRemote(subject.rig),
    updates: [{ ref: `refs/heads/${target}`, sha: head, lease: tip ?? 'absent' }],
  });
  const now = await targetTip(ctx, landing);
  if (now === head || (now !== undefined && (await contains(ctx, landing, now)))) return;
  if (!outcome.pushed && outcome.cause === 'stale') throw baseMoved(work);
  throw new ExternalError({
    code: 'done.push-failed',
    message: `${target} did not take your work: ${outcome.pushed ? 'the remote does not show it' : outcome.why}`,
    hint: 'Your commits are safe here. Run gt done again when the remote answers and lets you push there',
  });
}

async function targetTip(ctx: TownContext, { subject: { rig }, work }: Landing): Promise<Sha | undefined> {
  return (await ctx.ports.git.remotes.list(rig.paths.bare, pushRemote(rig))).heads.get(work.target);
}

async function isForward(
  ctx: TownContext,
  { subject, head }: Landing,
  tip: Sha | undefined,
): Promise<boolean> {
  const { objects } = ctx.ports.git;
  const { bare } = subject.rig.paths;
  if (tip === undefined || (await objects.resolve(bare, tip)) === undefined) return false;
  return (await objects.mergeBase(bare, tip, head)) === tip;
}

/** Somebody else landed on top of it in the same moment. */
async function contains(ctx: TownContext, { subject, work, head }: Landing, tip: Sha): Promise<boolean> {
  const { objects, remotes } = ctx.ports.git;
  const { bare } = subject.rig.paths;
  if (subject.rig.pushUrl === undefined) await remotes.fetch(bare, 'origin', [work.target]);
  if ((await objects.resolve(bare, tip)) === undefined) return false;
  return (await objects.mergeBase(bare, head, tip)) === head;
}

function baseMoved({ target }: DoneWork): RefusedError {
  return new RefusedError({
    code: 'done.base-moved',
    message: `${target} has commits that your branch does not`,
    hint: `Run: git fetch origin ${target} && git rebase FETCH_HEAD, test again, then gt done`,
  });
}
