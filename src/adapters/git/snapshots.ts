import type { GitSnapshots } from '../../ports/git.ts';
import { commitParts } from './commit-parts.ts';
import { HOLDS, contentsOf } from './legend.ts';
import { readCommit } from './objects.ts';
import { shaOf } from './parse.ts';
import { restoreSnapshot } from './restore.ts';
import type { GitRunner } from './run.ts';
import { takeSnapshot } from './snapshot.ts';
import { treeOf } from './trees.ts';

/** Snapshots of worktrees through the git program. */
export function createGitSnapshots(git: GitRunner): GitSnapshots {
  return {
    take: (path, message) => takeSnapshot(git, path, message),
    wrap: async (repo, commit, message) => {
      const parts = [{ sha: commit, holds: HOLDS.head }];
      return commitParts(git, repo, { tree: await treeOf(git, repo, commit), parts, message });
    },
    contents: async (repo, commit) => contentsOf(await readCommit(git, repo, commit)),
    lost: async (repo) => {
      const args = ['fsck', '--dangling', '--no-reflogs', '--connectivity-only', '--no-progress'];
      const lines = (await git.output(repo, args)).split('\n');
      return lines.flatMap((line) => /^dangling commit ([0-9a-f]+)$/.exec(line)?.[1] ?? []).map(shaOf);
    },
    restore: (repo, commit, to) => restoreSnapshot(git, repo, { snapshot: commit, to }),
  };
}
