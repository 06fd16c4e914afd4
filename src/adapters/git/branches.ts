import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RefusedError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import type { WorktreeEntry } from '../../ports/git.ts';
import { resolveCommit } from './objects.ts';
import type { GitRunner } from './run.ts';

export interface BranchPlace {
  readonly branch: string;
  readonly commit: Sha;
  /** The worktree that is to have it. */
  readonly path: string;
  readonly worktrees: readonly WorktreeEntry[];
}

/** Makes `branch` be at `commit`: creates it, or moves it forward. Refuses as `checkPlace` does. */
export async function placeBranch(git: GitRunner, repo: string, place: BranchPlace): Promise<void> {
  const tip = await checkPlace(git, repo, place);
  if (tip === place.commit) return;
  const expected = tip ?? '0'.repeat(place.commit.length);
  await git.output(repo, ['update-ref', `refs/heads/${place.branch}`, place.commit, expected]);
}

/**
 * Where `branch` is now; undefined = nowhere. One with commits that `commit` does not hold is refused (they could be
 * work that is nowhere else), and so is one that another worktree has.
 */
export async function checkPlace(git: GitRunner, repo: string, place: BranchPlace): Promise<Sha | undefined> {
  const user = place.worktrees.find((entry) => entry.branch === place.branch);
  if (user !== undefined && !(await isSamePath(user.path, place.path))) {
    throw new RefusedError({
      code: 'git.branch-in-use',
      message: `branch ${place.branch} is in use by the worktree ${user.path}`,
    });
  }
  const tip = await resolveCommit(git, repo, `refs/heads/${place.branch}`);
  if (tip === undefined || tip === place.commit) return tip;
  if (await isAncestor(git, repo, { of: place.commit, commit: tip })) return tip;
  throw new RefusedError({
    code: 'git.branch-elsewhere',
    message: `branch ${place.branch} holds commits that ${place.commit.slice(0, 12)} does not`,
    hint: `See them with: git -C ${repo} log ${place.commit.slice(0, 12)}..${place.branch}`,
  });
}

/** What a bare `git pull` and `git push` mean on the branch. */
export async function follow(
  git: GitRunner,
  repo: string,
  { branch, upstream }: { readonly branch: string; readonly upstream: string },
): Promise<void> {
  await git.output(repo, ['config', '--local', `branch.${branch}.remote`, 'origin']);
  await git.output(repo, ['config', '--local', `branch.${branch}.merge`, `refs/heads/${upstream}`]);
}

async function isAncestor(
  git: GitRunner,
  repo: string,
  { of, commit }: { readonly of: Sha; readonly commit: Sha },
): Promise<boolean> {
  const { code } = await git.ask({ repo, args: ['merge-base', '--is-ancestor', commit, of] });
  return code === 0;
}

export async function isSamePath(a: string, b: string): Promise<boolean> {
  return (await realOf(a)) === (await realOf(b));
}

async function realOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
