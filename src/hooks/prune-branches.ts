import type { TownContext } from '../beads/context.ts';
import { NotFoundError } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { GitRef } from '../ports/git.ts';

export interface PrunedBranches {
  readonly deleted: readonly { readonly branch: string; readonly tip: Sha; readonly because: string }[];
  readonly kept: readonly { readonly branch: string; readonly because: string }[];
}

/**
 * Deletes local branches of any repository whose commits its remote `origin` holds: in the default branch, by commit
 * or by patch, or under their own name. Never one that a worktree has checked out. NotFoundError `git.no-remote`.
 * @param pattern `*` stands for anything
 */
export async function pruneBranches(
  ctx: Pick<TownContext, 'ports'>,
  repo: string,
  { pattern, dryRun }: { readonly pattern: string; readonly dryRun: boolean },
): Promise<PrunedBranches> {
  const { objects, remotes, worktrees } = ctx.ports.git;
  if ((await remotes.urls(repo, 'origin')) === undefined) throw noRemote(repo);
  const { heads, defaultBranch } = await remotes.list(repo, 'origin');
  const wanted = (await objects.listRefs(repo, 'refs/heads/')).filter(matches(pattern));
  if (defaultBranch !== undefined) await remotes.fetch(repo, 'origin', [defaultBranch]);
  const target = defaultBranch === undefined ? undefined : heads.get(defaultBranch);
  const inUse = new Set((await worktrees.list(repo)).map(({ branch }) => branch));
  const deleted: { branch: string; tip: Sha; because: string }[] = [];
  const kept: { branch: string; because: string }[] = [];
  for (const { name, sha: tip } of wanted) {
    const branch = name.slice('refs/heads/'.length);
    const because = await holderOf(ctx, repo, { tip, target, same: heads.get(branch) });
    if (inUse.has(branch)) kept.push({ branch, because: 'it is checked out' });
    else if (because === undefined)
      kept.push({ branch, because: 'it has commits that the remote does not hold' });
    else if (dryRun || (await objects.updateRef(repo, name, { to: undefined, from: tip })))
      deleted.push({ branch, tip, because });
    else kept.push({ branch, because: 'it moved meanwhile' });
  }
  return { deleted, kept };
}

function matches(pattern: string): (ref: GitRef) => boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const expression = new RegExp(`^refs/heads/${parts.join('.*')}$`);
  return ({ name }) => expression.test(name);
}

async function holderOf(
  ctx: Pick<TownContext, 'ports'>,
  repo: string,
  {
    tip,
    target,
    same,
  }: { readonly tip: Sha; readonly target: Sha | undefined; readonly same: Sha | undefined },
): Promise<string | undefined> {
  const { objects } = ctx.ports.git;
  if (same === tip) return 'the remote has the same branch';
  if (target === undefined) return undefined;
  const base = await objects.mergeBase(repo, target, tip);
  if (base === tip) return 'landed';
  if (base === undefined) return undefined;
  return (await objects.missingPatches(repo, target, tip)).length === 0 ? 'landed' : undefined;
}

function noRemote(repo: string): NotFoundError {
  return new NotFoundError({
    code: 'git.no-remote',
    message: `${repo} has no remote origin: nothing can tell what has landed`,
    hint: 'Go to a clone of the project, such as your crew folder',
  });
}
