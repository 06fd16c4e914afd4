import type { Git } from '../ports/git.ts';
import { createGitObjects } from './git/objects.ts';
import { createGitRemotes } from './git/remotes.ts';
import { createGitRunner, type GitDeps } from './git/run.ts';
import { createGitSnapshots } from './git/snapshots.ts';
import { createGitWorktrees } from './git/worktrees.ts';

/** Git through the git program of this machine (2.38 or later). */
export function createGit(deps: GitDeps): Git {
  const runner = createGitRunner(deps);
  return {
    objects: createGitObjects(runner),
    remotes: createGitRemotes(runner),
    worktrees: createGitWorktrees(runner),
    snapshots: createGitSnapshots(runner),
  };
}
