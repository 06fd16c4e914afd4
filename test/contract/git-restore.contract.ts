import { describe, expect, it } from 'vitest';
import type { Sha } from '../../src/core/names.ts';
import type { WorktreeStatus } from '../../src/ports/git.ts';
import type { GitUnderTest, User } from '../support/git-worlds.ts';
import { conflictingCommit, eachWorktree, proofOf, type WorktreeFixture } from './git-worktree-fixture.ts';

type Bury = (user: User, fixture: WorktreeFixture) => Promise<void> | void;

const STATES: Readonly<Record<string, Bury>> = {
  'new, changed and deleted files': (user) => {
    user.write('new dir/odd "name"\tä\\', 'new\n');
    user.write('a', 'changed\n');
    user.remove('dir/b');
    user.link('link', 'a');
  },
  'staged content, changed again on disk': (user) => {
    user.write('a', 'staged\n');
    user.write('gone', 'staged too\n');
    user.stage('a', 'gone');
    user.write('a', 'on disk\n');
    user.remove('gone');
  },
  'commits of its own': (user) => {
    user.write('mine', 'm\n');
    user.commitEverything('mine');
    user.write('more', 'not committed\n');
  },
  'stash entries': (user) => {
    user.write('a', 'first\n');
    user.stash();
    user.write('a', 'second\n');
    user.stash();
    user.write('a', 'third\n');
  },
  'a rebase under way': async (user, fixture) => {
    user.beginRebase(await conflictingCommit(fixture));
    user.write('a', 'half solved\n');
  },
};

/** P2: what every GitSnapshots promises of the way back; run on each implementation. */
export function gitRestoreContract(setUp: () => GitUnderTest): void {
  let fixture: WorktreeFixture;
  eachWorktree(setUp, (made) => {
    fixture = made;
  });
  /** Everything of the worktree but the branch: it comes back on a detached HEAD. */
  const picture = async (path: string) => {
    const user = fixture.world.user(path);
    const { branch: _, ...status }: WorktreeStatus = await fixture.worktrees.status(path);
    const files = user.files().map((file) => [file, user.read(file)] as const);
    return { ...status, files: Object.fromEntries(files) };
  };
  const take = async (message = 'Rescue'): Promise<Sha> => {
    const sha = await fixture.world.git.snapshots.take(fixture.path, message);
    if (sha === undefined) throw new Error('nothing to keep');
    return sha;
  };
  const restore = async (sha: Sha): Promise<string> => {
    const path = `${fixture.world.dir}/back`;
    await fixture.world.git.snapshots.restore(fixture.repo, sha, { path, submodules: [] });
    return path;
  };

  describe('P2: a snapshot brings back', () => {
    it.each(Object.keys(STATES))('%s, after the worktree is gone', async (state) => {
      await STATES[state]?.(fixture.user, fixture);
      const before = await picture(fixture.path);
      const sha = await take();
      await fixture.worktrees.remove(fixture.repo, fixture.path, proofOf(fixture.path));
      expect(await picture(await restore(sha))).toEqual(before);
    });

    it('what was staged: a commit of it there is what it would have been here', async () => {
      fixture.user.write('a', 'staged\n');
      fixture.user.stage('a');
      fixture.user.write('a', 'on disk\n');
      const sha = await take();
      const contents = await fixture.world.git.snapshots.contents(fixture.repo, sha);
      expect(fixture.world.filesOf(fixture.repo, contents.index ?? fixture.base)).toMatchObject({
        a: 'staged\n',
      });
      const again = await fixture.world.git.snapshots.take(await restore(sha), 'Rescue');
      expect(await fixture.world.git.snapshots.contents(fixture.repo, again ?? fixture.base)).toMatchObject({
        head: contents.head,
        index: expect.any(String) as string,
      });
    });

    it('nothing over what is there', async () => {
      fixture.user.write('new', 'n\n');
      const sha = await take();
      fixture.world.user(`${fixture.world.dir}/back`).write('mine', 'm\n');
      await expect(restore(sha)).rejects.toMatchObject({ code: 'git.failed' });
    });

    it('a plain commit as what it is', async () => {
      fixture.user.write('new', 'n\n');
      const commit = fixture.user.commitEverything('work');
      const wrapped = await fixture.world.git.snapshots.wrap(fixture.repo, commit, 'Rescue');
      for (const sha of [commit, wrapped])
        expect(await fixture.world.git.snapshots.contents(fixture.repo, sha)).toMatchObject({
          head: commit,
          index: undefined,
          stashes: [],
        });
      expect((await picture(await restore(wrapped))).head).toBe(commit);
    });
  });
}
