import { describe, expect, it } from 'vitest';
import type { Sha } from '../../src/core/names.ts';
import type { GitObjects, GitSnapshots, GitWorktrees, WorktreeCommit } from '../../src/ports/git.ts';
import type { GitUnderTest, Remote, User } from '../support/git-worlds.ts';
import { conflictingCommit, eachWorktree, type WorktreeFixture } from './git-worktree-fixture.ts';

const COMMIT: WorktreeCommit = {
  message: 'Leftovers',
  author: { name: 'demo/polecats/nux', email: 'demo.polecats.nux@gastown.local' },
  excludes: [],
  keepDeletions: true,
};

/** What every GitWorktrees promises of commits and snapshots; run on each implementation. */
export function gitKeepingContract(setUp: () => GitUnderTest): void {
  let world: GitUnderTest;
  let worktrees: GitWorktrees;
  let snapshots: GitSnapshots;
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
    ({ snapshots } = world.git);
  });
  const branchTip = (branch: string) => objects.resolve(repo, `refs/heads/${branch}`);
  const filesOf = (commit: Sha | undefined) =>
    commit === undefined ? undefined : world.filesOf(repo, commit);
  const parentsOf = async (commit: Sha | undefined): Promise<readonly Sha[]> =>
    commit === undefined ? [] : (await objects.commit(repo, commit)).parents;

  describe('committing everything', () => {
    it('takes changes, additions and deletions, as the given author', async () => {
      user.write('a', 'changed\n');
      user.write('new/file', 'n\n');
      user.remove('dir/b');
      const sha = await worktrees.commitAll(path, COMMIT);
      expect(filesOf(sha)).toMatchObject({ a: 'changed\n', 'new/file': 'n\n' });
      expect(filesOf(sha)).not.toHaveProperty('dir/b');
      expect(await objects.commit(repo, sha ?? base)).toMatchObject({
        parents: [base],
        message: 'Leftovers',
        author: COMMIT.author,
        committer: COMMIT.author,
      });
      expect(await worktrees.status(path)).toMatchObject({ head: sha, changed: [], untracked: [] });
      expect(await branchTip('polecat/nux/gt-1@x')).toBe(sha);
    });

    it('says undefined when there is nothing to commit', async () => {
      user.write('ignored', 'x');
      expect(await worktrees.commitAll(path, COMMIT)).toBeUndefined();
      expect(await branchTip('polecat/nux/gt-1@x')).toBe(base);
    });

    it('leaves excluded paths out, staged or not, and whatever they are called', async () => {
      for (const file of ['.claude/settings.json', 'deep/x.tmp', 'CLAUDE.md', 'kept'])
        user.write(file, 'x\n');
      user.write('a', 'excluded change\n');
      user.stage('CLAUDE.md', 'a');
      const sha = await worktrees.commitAll(path, {
        ...COMMIT,
        excludes: ['.claude/', '*.tmp', 'CLAUDE.md', 'a', 'none/'],
      });
      expect(Object.keys(filesOf(sha) ?? {})).toEqual(['.gitignore', 'a', 'dir/b', 'kept']);
      expect(filesOf(sha)).toMatchObject({ a: '1\n2\n3\n', kept: 'x\n' });
      expect(user.read('a')).toBe('excluded change\n');
      expect(user.read('CLAUDE.md')).toBe('x\n');
    });

    it('minds no exclude that names something ignored', async () => {
      user.write('ignored', 'x');
      user.write('a', 'changed\n');
      const sha = await worktrees.commitAll(path, { ...COMMIT, excludes: ['ignored', '*.log'] });
      expect(filesOf(sha)).toMatchObject({ a: 'changed\n' });
    });

    it('leaves deletions out when told so, and nothing to commit is then nothing', async () => {
      user.remove('dir/b');
      expect(await worktrees.commitAll(path, { ...COMMIT, keepDeletions: false })).toBeUndefined();
      user.write('a', 'changed\n');
      const sha = await worktrees.commitAll(path, { ...COMMIT, keepDeletions: false });
      expect(filesOf(sha)).toMatchObject({ a: 'changed\n', 'dir/b': 'b\n' });
      expect((await worktrees.status(path)).changed).toEqual(['dir/b']);
    });

    it('works on a detached HEAD', async () => {
      await worktrees.checkout(path, { commit: base });
      user.write('a', 'changed\n');
      const sha = await worktrees.commitAll(path, COMMIT);
      expect(await worktrees.status(path)).toMatchObject({ head: sha, branch: undefined });
      expect(await branchTip('polecat/nux/gt-1@x')).toBe(base);
    });

    it('does not commit a clone inside: a link to commits that nobody else has', async () => {
      user.clone('inner', { x: 'x\n' });
      expect(await worktrees.commitAll(path, COMMIT)).toBeUndefined();
      user.write('a', 'changed\n');
      const sha = await worktrees.commitAll(path, COMMIT);
      expect(Object.keys(filesOf(sha) ?? {})).not.toContain('inner');
    });

    it('refuses in the middle of a rebase: conflict marks would be committed', async () => {
      user.beginRebase(await conflictingCommit(fixture));
      await expect(worktrees.commitAll(path, COMMIT)).rejects.toMatchObject({
        code: 'git.operation-under-way',
      });
    });

    it('refuses an author without a name', async () => {
      user.write('a', 'changed\n');
      const commit = worktrees.commitAll(path, { ...COMMIT, author: { name: '', email: 'x@y' } });
      await expect(commit).rejects.toMatchObject({ code: 'git.failed' });
    });
  });

  describe('P2: a snapshot', () => {
    it('is not needed when there is nothing but HEAD', async () => {
      user.write('ignored', 'x');
      expect(await snapshots.take(path, 'Rescue')).toBeUndefined();
    });

    it('holds changed, deleted and untracked files, and HEAD as its first parent', async () => {
      user.write('a', 'changed\n');
      user.write('new dir/odd "name"\tä\\', 'new\n');
      user.remove('dir/b');
      user.link('link', 'a');
      const sha = await snapshots.take(path, 'Rescue of nux');
      expect(filesOf(sha)).toEqual({
        '.gitignore': 'ignored\n*.log\n',
        a: 'changed\n',
        link: 'a',
        'new dir/odd "name"\tä\\': 'new\n',
      });
      expect((await parentsOf(sha))[0]).toBe(base);
      expect((await objects.commit(repo, sha ?? base)).message).toMatch(/^Rescue of nux\n\n\^1 HEAD/);
    });

    it('holds what is only staged', async () => {
      user.write('a', 'staged\n');
      user.write('gone', 'staged too\n');
      user.stage('a', 'gone');
      user.write('a', 'on disk\n');
      user.remove('gone');
      const sha = await snapshots.take(path, 'Rescue');
      const [, index] = await parentsOf(sha);
      expect(filesOf(sha)).toMatchObject({ a: 'on disk\n' });
      expect(filesOf(sha)).not.toHaveProperty('gone');
      expect(filesOf(index)).toMatchObject({ a: 'staged\n', gone: 'staged too\n' });
    });

    it('holds content that is staged and gone from disk, which looks clean', async () => {
      user.write('a', 'staged\n');
      user.stage('a');
      user.write('a', '1\n2\n3\n');
      const [, index] = await parentsOf(await snapshots.take(path, 'Rescue'));
      expect(filesOf(index)).toMatchObject({ a: 'staged\n' });
    });

    it('holds the stash entries of this worktree', async () => {
      user.write('a', 'first\n');
      const one = user.stash();
      user.write('a', 'second\n');
      const two = user.stash();
      const sha = await snapshots.take(path, 'Rescue');
      expect(await parentsOf(sha)).toEqual([base, two, one]);
      expect(filesOf(one)).toMatchObject({ a: 'first\n' });
    });

    it('holds the commits of a rebase under way, the branch before it included', async () => {
      const onto = await conflictingCommit(fixture);
      const mine = await branchTip('polecat/nux/gt-1@x');
      user.beginRebase(onto);
      const sha = await snapshots.take(path, 'Rescue');
      const parents = await parentsOf(sha);
      const reachable = (await objects.log(repo, { to: sha ?? base, limit: 100 })).map(
        (commit) => commit.sha,
      );
      expect(parents[0]).toBe(onto);
      expect(reachable).toContain(mine);
    });

    it('holds the files of a clone inside', async () => {
      user.clone('inner', { x: 'inside\n', 'deep/y': 'y\n' });
      expect(filesOf(await snapshots.take(path, 'Rescue'))).toMatchObject({
        a: '1\n2\n3\n',
        'inner/x': 'inside\n',
        'inner/deep/y': 'y\n',
      });
    });

    it('changes nothing: files, staged content, branches, stash', async () => {
      user.write('a', 'staged\n');
      user.stage('a');
      user.write('a', 'on disk\n');
      user.write('new', 'n\n');
      const before = [await worktrees.status(path), await objects.listRefs(repo, 'refs'), user.files()];
      await snapshots.take(path, 'Rescue');
      expect([await worktrees.status(path), await objects.listRefs(repo, 'refs'), user.files()]).toEqual(
        before,
      );
    });

    it('of a clone also holds branches that are published nowhere, and its whole stash', async () => {
      const clone = `${world.dir}/crew`;
      await world.git.remotes.clone(remote.url, clone, { branch: 'main' });
      const crew = world.user(clone);
      expect(await snapshots.take(clone, 'Rescue')).toBeUndefined();
      await worktrees.checkout(clone, { commit: base, branch: 'work' });
      crew.write('w', 'w\n');
      const work = crew.commitEverything('work');
      crew.write('a', 'stashed\n');
      const stash = crew.stash();
      await worktrees.checkout(clone, { commit: base, branch: 'main' });
      const sha = await snapshots.take(clone, 'Rescue');
      const { parents } = await objects.commit(clone, sha ?? base);
      expect(parents).toEqual([base, stash, work]);
    });

    it('cannot be made of what is no worktree', async () => {
      user.remove('.git');
      await expect(snapshots.take(path, 'Rescue')).rejects.toMatchObject({ code: 'git.failed' });
    });
  });
}
