import { describe, expect, it } from 'vitest';
import { BugError, RefusedError, UnreadableError } from '../../src/core/errors.ts';
import type { Sha } from '../../src/core/names.ts';
import type { GitObjects, GitWorktrees } from '../../src/ports/git.ts';
import type { GitUnderTest, Remote, User } from '../support/git-worlds.ts';
import { conflictingCommit, eachWorktree, proofOf, type WorktreeFixture } from './git-worktree-fixture.ts';

/** What every GitWorktrees promises; run on each implementation. */
export function gitWorktreesContract(setUp: () => GitUnderTest): void {
  let world: GitUnderTest;
  let worktrees: GitWorktrees;
  let objects: GitObjects;
  let remote: Remote;
  let repo: string;
  let path: string;
  let user: User;
  let base: Sha;
  let fixture: WorktreeFixture;
  eachWorktree(setUp, (made) => {
    fixture = made;
    ({ world, worktrees, objects, remote, repo, path, user, base } = made);
  });
  const branchTip = (branch: string) => objects.resolve(repo, `refs/heads/${branch}`);

  it('tells what the project has under version control from what merely lies there', async () => {
    user.write('new', 'n');
    expect(await worktrees.isTracked(path, 'dir/b')).toBe(true);
    expect(await worktrees.isTracked(path, 'new')).toBe(false);
    expect(await worktrees.isTracked(path, 'nowhere/x')).toBe(false);
    expect(await worktrees.isTracked(path, '*')).toBe(false);
    expect(await worktrees.isTracked(world.dir, 'dir/b')).toBe(false);
  });

  it('tells changes of tracked files without those that merely lie there', async () => {
    user.write('a', 'changed\n');
    user.write('new', 'n');
    const { head, changed } = await worktrees.status(path);
    expect(await worktrees.changes(path)).toMatchObject({ head, changed });
    expect({ head, changed }).toEqual({ head: base, changed: ['a'] });
    await expect(worktrees.changes(`${path}/nowhere`)).rejects.toMatchObject({ code: 'git.unreadable' });
  });

  describe('adding', () => {
    it('makes the files on a new branch, and is listed', async () => {
      expect(user.files()).toEqual(['.gitignore', 'a', 'dir/b']);
      expect(await worktrees.list(repo)).toEqual([{ path, head: base, branch: 'polecat/nux/gt-1@x' }]);
      expect(await branchTip('polecat/nux/gt-1@x')).toBe(base);
    });

    it('makes a detached one', async () => {
      const other = `${world.dir}/gate`;
      await worktrees.add(repo, other, { commit: base });
      expect(await worktrees.status(other)).toMatchObject({ head: base, branch: undefined, changed: [] });
    });

    it('goes on with a branch left by a killed attempt, moving it forward', async () => {
      await objects.updateRef(repo, 'refs/heads/half', { to: base, from: undefined });
      const next = remote.commit('main', { c: 'c\n' });
      await world.git.remotes.fetch(repo, 'origin', []);
      await worktrees.add(repo, `${world.dir}/half`, { commit: next, branch: 'half' });
      expect(await branchTip('half')).toBe(next);
    });

    it('P2: refuses a branch with commits of its own, and one that is in use', async () => {
      user.write('c', 'c\n');
      const mine = user.commitEverything('mine');
      const again = worktrees.add(repo, `${world.dir}/x`, { commit: base, branch: 'polecat/nux/gt-1@x' });
      await expect(again).rejects.toMatchObject({ code: 'git.branch-in-use' });
      await objects.updateRef(repo, 'refs/heads/old', { to: mine, from: undefined });
      const other = worktrees.add(repo, `${world.dir}/x`, { commit: base, branch: 'old' });
      await expect(other).rejects.toMatchObject({ code: 'git.branch-elsewhere' });
      await expect(other).rejects.toThrow(RefusedError);
      expect(await branchTip('old')).toBe(mine);
    });

    it('fails where something is, also where a lost worktree is still registered', async () => {
      await expect(worktrees.add(repo, path, { commit: base })).rejects.toMatchObject({ code: 'git.failed' });
      world.user(`${world.dir}/rig/polecats/nux`).remove('rig');
      await expect(worktrees.add(repo, path, { commit: base })).rejects.toMatchObject({ code: 'git.failed' });
      await worktrees.remove(repo, path, proofOf(path));
      await worktrees.add(repo, path, { commit: base });
      expect(user.files()).toHaveLength(3);
    });
  });

  describe('status', () => {
    it('of a fresh worktree is clean', async () => {
      expect(await worktrees.status(path)).toEqual({
        head: base,
        branch: 'polecat/nux/gt-1@x',
        changed: [],
        untracked: [],
        stashes: 0,
        operation: undefined,
      });
    });

    it('tells changed, staged, deleted and untracked files, odd names included, not ignored ones', async () => {
      user.write('a', 'changed\n');
      user.remove('dir/b');
      user.write('staged', 's\n');
      user.stage('staged');
      user.write('new dir/odd "name"\tä', 'x');
      user.write('ignored', 'x');
      user.write('some.log', 'x');
      expect(await worktrees.status(path)).toMatchObject({
        changed: ['a', 'dir/b', 'staged'],
        untracked: ['new dir/odd "name"\tä'],
      });
    });

    it('tells a file that is staged and then changed back on disk', async () => {
      user.write('a', 'staged\n');
      user.stage('a');
      user.write('a', '1\n2\n3\n');
      expect((await worktrees.status(path)).changed).toEqual(['a']);
    });

    it('tells a clone that somebody made inside by its folder', async () => {
      user.clone('inner', { x: 'x\n' });
      expect((await worktrees.status(path)).untracked).toEqual(['inner/']);
    });

    it('counts stash entries of this worktree only', async () => {
      const other = `${world.dir}/other`;
      await worktrees.add(repo, other, { commit: remote.head('main') ?? base, branch: 'other' });
      world.user(other).write('n', 'n\n');
      world.user(other).commitEverything('apart');
      world.user(other).write('a', 'other\n');
      world.user(other).stash();
      user.write('a', 'stashed\n');
      user.stash();
      expect(await worktrees.status(path)).toMatchObject({ changed: [], stashes: 1 });
      expect(await worktrees.status(other)).toMatchObject({ stashes: 1 });
    });

    it('tells a rebase under way', async () => {
      const onto = await conflictingCommit(fixture);
      user.beginRebase(onto);
      expect(await worktrees.status(path)).toMatchObject({ operation: 'rebase', branch: undefined });
    });

    it('of a repository without a commit has a branch and no head', async () => {
      world.user(world.dir).clone('young', {});
      world.user(`${world.dir}/young`).write('first', '1');
      expect(await worktrees.status(`${world.dir}/young`)).toMatchObject({
        head: undefined,
        branch: 'main',
        untracked: ['first'],
      });
    });

    it('cannot be told of what is no worktree any more: unreadable, not clean', async () => {
      user.remove('.git');
      await expect(worktrees.status(path)).rejects.toThrow(UnreadableError);
      await expect(worktrees.status(path)).rejects.toMatchObject({ code: 'git.unreadable' });
      await expect(worktrees.status(`${world.dir}/never`)).rejects.toMatchObject({ code: 'git.unreadable' });
    });
  });

  describe('moving to another commit', () => {
    it('detaches, or goes to a branch, which is made when new', async () => {
      const next = remote.commit('main', { a: 'next\n', 'dir/b': null });
      await world.git.remotes.fetch(repo, 'origin', []);
      await worktrees.checkout(path, { commit: next });
      expect(await worktrees.status(path)).toMatchObject({ head: next, branch: undefined, changed: [] });
      expect(user.files()).toEqual(['.gitignore', 'a']);
      await worktrees.checkout(path, { commit: next, branch: 'polecat/nux/gt-2@y' });
      expect(await worktrees.status(path)).toMatchObject({ head: next, branch: 'polecat/nux/gt-2@y' });
      await worktrees.checkout(path, { commit: base, branch: 'polecat/nux/gt-1@x' });
      expect(await worktrees.status(path)).toMatchObject({
        head: base,
        branch: 'polecat/nux/gt-1@x',
        changed: [],
      });
      expect(user.read('a')).toBe('1\n2\n3\n');
    });

    it('moves the branch that it is on together with its files', async () => {
      const next = remote.commit('main', { a: 'next\n', 'dir/b': null });
      await world.git.remotes.fetch(repo, 'origin', []);
      await worktrees.checkout(path, { commit: next, branch: 'polecat/nux/gt-1@x' });
      expect(await worktrees.status(path)).toMatchObject({ head: next, branch: 'polecat/nux/gt-1@x' });
      expect(await worktrees.status(path)).toMatchObject({ changed: [], untracked: [] });
      expect(user.read('a')).toBe('next\n');
      const back = worktrees.checkout(path, { commit: base, branch: 'polecat/nux/gt-1@x' });
      await expect(back).rejects.toMatchObject({ code: 'git.branch-elsewhere' });
    });

    it('keeps untracked files, and refuses to overwrite one', async () => {
      const next = remote.commit('main', { mine: 'theirs\n' });
      await world.git.remotes.fetch(repo, 'origin', []);
      user.write('other', 'kept');
      await worktrees.checkout(path, { commit: base });
      user.write('mine', 'mine');
      await expect(worktrees.checkout(path, { commit: next })).rejects.toMatchObject({ code: 'git.failed' });
      expect([user.read('mine'), user.read('other')]).toEqual(['mine', 'kept']);
    });

    it('P2: refuses over changes, over a rebase, and to a branch with commits of its own', async () => {
      user.write('c', 'c\n');
      const mine = user.commitEverything('mine');
      await worktrees.checkout(path, { commit: base });
      const back = worktrees.checkout(path, { commit: base, branch: 'polecat/nux/gt-1@x' });
      await expect(back).rejects.toMatchObject({ code: 'git.branch-elsewhere' });
      expect(await branchTip('polecat/nux/gt-1@x')).toBe(mine);
      user.write('a', 'changed\n');
      await expect(worktrees.checkout(path, { commit: mine })).rejects.toMatchObject({
        code: 'git.local-changes',
      });
      expect(user.read('a')).toBe('changed\n');
    });

    it('refuses in the middle of a rebase', async () => {
      user.beginRebase(await conflictingCommit(fixture));
      await expect(worktrees.checkout(path, { commit: base })).rejects.toMatchObject({
        code: 'git.local-changes',
      });
    });
  });

  describe('resetting', () => {
    it('drops changes, staged content and untracked files; ignored ones stay', async () => {
      for (const file of ['a', 'new', 'deep/new', 'ignored']) user.write(file, 'x');
      user.stage('new');
      user.remove('dir/b');
      user.clone('inner', { x: 'x' });
      await worktrees.reset(path, base, proofOf(path));
      expect(user.files()).toEqual(['.gitignore', 'a', 'dir/b', 'ignored']);
      expect(await worktrees.status(path)).toMatchObject({ head: base, changed: [], untracked: [] });
    });

    it('stays on the branch that is at the commit; else it detaches: no branch moves', async () => {
      user.write('c', 'c\n');
      const mine = user.commitEverything('mine');
      user.write('c', 'dirty\n');
      await worktrees.reset(path, mine, proofOf(path));
      expect(await worktrees.status(path)).toMatchObject({ head: mine, branch: 'polecat/nux/gt-1@x' });
      await worktrees.reset(path, base, proofOf(path));
      expect(await worktrees.status(path)).toMatchObject({ head: base, branch: undefined, changed: [] });
      expect(await branchTip('polecat/nux/gt-1@x')).toBe(mine);
      expect(user.read('c')).toBeUndefined();
    });

    it('ends a rebase under way', async () => {
      const onto = await conflictingCommit(fixture);
      user.beginRebase(onto);
      await worktrees.reset(path, base, proofOf(path));
      expect(await worktrees.status(path)).toMatchObject({ operation: undefined, head: base, changed: [] });
    });

    it('takes no proof of another worktree', async () => {
      user.write('new', 'n');
      await expect(worktrees.reset(path, base, proofOf(`${path}2`))).rejects.toThrow(BugError);
      await expect(worktrees.remove(repo, path, proofOf(`${path}2`))).rejects.toThrow(BugError);
      expect(user.read('new')).toBe('n');
    });
  });

  describe('removing', () => {
    it('takes the folder and the entry away, and leaves the branch', async () => {
      user.write('new', 'n');
      user.write('ignored', 'n');
      user.clone('inner', { x: 'x' });
      await worktrees.remove(repo, path, proofOf(path));
      expect(await worktrees.list(repo)).toEqual([]);
      expect(world.user(`${world.dir}/rig/polecats/nux`).files()).toEqual([]);
      expect(await branchTip('polecat/nux/gt-1@x')).toBe(base);
    });

    it('twice is fine, and so is a folder that was lost', async () => {
      await worktrees.remove(repo, path, proofOf(path));
      await worktrees.remove(repo, path, proofOf(path));
      const other = `${world.dir}/lost`;
      await worktrees.add(repo, other, { commit: base });
      world.user(world.dir).remove('lost');
      await worktrees.remove(repo, other, proofOf(other));
      expect(await worktrees.list(repo)).toEqual([]);
    });

    it('takes away a half made folder that git does not know', async () => {
      const half = `${world.dir}/half`;
      world.user(half).write('some/file', 'x');
      await worktrees.remove(repo, half, proofOf(half));
      expect(world.user(world.dir).read('half/some/file')).toBeUndefined();
      expect(await worktrees.list(repo)).toHaveLength(1);
    });
  });
}
