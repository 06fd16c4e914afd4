import { beforeEach } from 'vitest';
import type { Sha } from '../../src/core/names.ts';
import type { GitObjects, GitWorktrees, RescueProof } from '../../src/ports/git.ts';
import type { GitUnderTest, Remote, User } from '../support/git-worlds.ts';

/** A bare repository with one worktree on its branch, made anew for every test. */
export interface WorktreeFixture {
  readonly world: GitUnderTest;
  readonly worktrees: GitWorktrees;
  readonly objects: GitObjects;
  readonly remote: Remote;
  readonly repo: string;
  readonly path: string;
  readonly user: User;
  /** Tip of the remote's main branch; the worktree is there. */
  readonly base: Sha;
}

export const BRANCH = 'polecat/nux/gt-1@x';

/** Calls `use` with a new fixture before each test. */
export function eachWorktree(setUp: () => GitUnderTest, use: (fixture: WorktreeFixture) => void): void {
  beforeEach(async () => {
    const world = setUp();
    const { worktrees, objects, remotes } = world.git;
    const files = { a: '1\n2\n3\n', 'dir/b': 'b\n', '.gitignore': 'ignored\n*.log\n' };
    const remote = world.remote('origin.git', { files });
    const repo = `${world.dir}/repo.git`;
    await remotes.cloneBare(remote.url, repo);
    const base = await objects.resolve(repo, 'origin/main');
    if (base === undefined) throw new Error('the remote has no main branch');
    const path = `${world.dir}/rig/polecats/nux/rig`;
    await worktrees.add(repo, path, { commit: base, branch: BRANCH });
    use({ world, worktrees, objects, remote, repo, path, user: world.user(path), base });
  });
}

/** A commit on the remote's main branch, fetched, that conflicts with one it makes on the worktree's branch. */
export async function conflictingCommit({ world, user, remote, repo }: WorktreeFixture): Promise<Sha> {
  user.write('a', '1\nours\n3\n');
  user.commitEverything('ours');
  const theirs = remote.commit('main', { a: '1\ntheirs\n3\n' });
  await world.git.remotes.fetch(repo, 'origin', []);
  return theirs;
}

/** As src/hooks/rescue.ts makes it; these tests have nothing to lose. */
export function proofOf(path: string): RescueProof {
  return { path, ref: undefined } as unknown as RescueProof;
}
