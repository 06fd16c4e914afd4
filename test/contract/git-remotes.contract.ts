import { beforeEach, describe, expect, it } from 'vitest';
import { RefusedError, UnavailableError } from '../../src/core/errors.ts';
import { parseSha, type Sha } from '../../src/core/names.ts';
import type { GitObjects, GitRemotes, PushUpdate } from '../../src/ports/git.ts';
import type { GitUnderTest, Remote } from '../support/git-worlds.ts';

const NOBODY = parseSha('1234567890123456789012345678901234567890');
const MAIN = 'refs/heads/main';

/** What every GitRemotes promises; run on each implementation. */
export function gitRemotesContract(setUp: () => GitUnderTest): void {
  let world: GitUnderTest;
  let remotes: GitRemotes;
  let objects: GitObjects;
  let remote: Remote;
  let repo: string;
  let first: Sha;
  beforeEach(async () => {
    world = setUp();
    ({ remotes, objects } = world.git);
    remote = world.remote('origin.git', { files: { a: 'a\n' } });
    first = remote.head('main') ?? NOBODY;
    repo = `${world.dir}/repo.git`;
  });
  const remoteBranches = async (): Promise<readonly string[]> =>
    (await objects.listRefs(repo, 'refs/remotes/origin')).map((ref) =>
      ref.name.replace('refs/remotes/origin/', ''),
    );
  const nextCommit = async (parent: Sha, message = 'next'): Promise<Sha> => {
    const { tree, author, committer } = await objects.commit(repo, parent);
    return objects.commitTree(repo, { tree, parents: [parent], message, author, committer });
  };

  describe('cloning', () => {
    it('bare has the remote’s branches as remote branches and none of its own', async () => {
      remote.commit('side', { b: 'b\n' });
      await remotes.cloneBare(remote.url, repo);
      expect(await remoteBranches()).toEqual(['main', 'side']);
      expect(await objects.listRefs(repo, 'refs/heads')).toEqual([]);
      expect(await remotes.urls(repo, 'origin')).toEqual({ fetch: remote.url, push: remote.url });
    });

    it('bare can be limited to some branches', async () => {
      remote.commit('side', { b: 'b\n' });
      await remotes.cloneBare(remote.url, repo, { branches: ['main'] });
      expect(await remoteBranches()).toEqual(['main']);
    });

    it('mirrors have the branches as their own, to be a remote themselves', async () => {
      const side = remote.commit('side', { b: 'b\n' });
      const mirror = `${world.dir}/mirror.git`;
      await remotes.cloneMirror(remote.url, mirror);
      const listed = await remotes.list(undefined, mirror);
      expect(listed.defaultBranch).toBe('main');
      expect([...listed.heads]).toEqual([
        ['main', first],
        ['side', side],
      ]);
    });

    it('normally has files of the wanted branch and knows the others', async () => {
      const side = remote.commit('side', { b: 'b\n' });
      repo = `${world.dir}/clone`;
      await remotes.clone(remote.url, repo, { branch: 'side' });
      expect(world.user(repo).files()).toEqual(['b']);
      expect(await world.git.worktrees.status(repo)).toMatchObject({
        branch: 'side',
        head: side,
        changed: [],
      });
      expect(await remoteBranches()).toEqual(expect.arrayContaining(['main', 'side']));
    });

    it('from a bare one of the same disk needs no remote, and follows the branch there', async () => {
      const side = remote.commit('side', { b: 'b\n' });
      await remotes.cloneBare(remote.url, repo);
      const bare = repo;
      // A worker's branch that it has pushed: here and there under the same name.
      await objects.updateRef(bare, 'refs/heads/side', { to: side, from: undefined });
      const origin = { fetch: remote.url, push: `${world.dir}/fork.git` };
      for (const [branch, upstream] of [
        ['main', 'main'],
        ['crew/ann', 'main'],
      ] as const) {
        repo = `${world.dir}/linked-${branch.replace('/', '-')}`;
        await remotes.cloneLinked(bare, repo, { branch, upstream, commit: first, origin });
        expect(world.user(repo).files()).toEqual(['a']);
        expect(await world.git.worktrees.status(repo)).toMatchObject({
          branch,
          head: first,
          changed: [],
          untracked: [],
        });
        expect(await remotes.urls(repo, 'origin')).toEqual(origin);
        expect(await objects.resolve(repo, 'origin/side')).toBe(side);
        expect(await remoteBranches()).toEqual(expect.arrayContaining(['main', 'side']));
        const elsewhere = await objects.listRefs(repo, 'refs/remotes');
        expect(elsewhere.filter(({ name }) => !name.startsWith('refs/remotes/origin/'))).toEqual([]);
        const later = remote.commit('main', { a: `${branch}\n` });
        await remotes.fetch(repo, 'origin', ['main']);
        expect(await objects.resolve(repo, 'origin/main')).toBe(later);
        expect(await objects.listRefs(repo, 'refs/heads')).toHaveLength(1);
      }
      const over = remotes.cloneLinked(bare, repo, { branch: 'x', upstream: 'main', commit: first, origin });
      await expect(over).rejects.toMatchObject({ code: 'git.path-taken' });
    });

    it('leaves nothing behind when it fails, and does not touch what is there', async () => {
      await expect(remotes.cloneBare(`${world.dir}/none.git`, repo)).rejects.toThrow(UnavailableError);
      await expect(remotes.clone(remote.url, repo, { branch: 'nope' })).rejects.toMatchObject({
        code: 'git.failed',
      });
      await remotes.cloneBare(remote.url, repo);
      await expect(remotes.cloneBare(remote.url, repo)).rejects.toThrow(RefusedError);
      await expect(remotes.cloneMirror(remote.url, repo)).rejects.toMatchObject({ code: 'git.path-taken' });
      expect(await objects.resolve(repo, 'origin/main')).toBe(first);
    });
  });

  describe('asking a remote', () => {
    it('tells its branches and its default branch, whatever that is called', async () => {
      const other = world.remote('other.git', { branch: 'trunk' });
      const listed = await remotes.list(undefined, other.url);
      expect(listed).toEqual({ defaultBranch: 'trunk', heads: new Map([['trunk', other.head('trunk')]]) });
    });

    it('tells that it is empty, and that it does not say', async () => {
      const empty = world.remote('empty.git', { files: {} });
      expect(await remotes.list(undefined, empty.url)).toEqual({
        defaultBranch: undefined,
        heads: new Map(),
      });
    });

    it('by name asks the remote of that name', async () => {
      await remotes.cloneBare(remote.url, repo);
      const next = remote.commit('main', { b: 'b\n' });
      expect((await remotes.list(repo, 'origin')).heads.get('main')).toBe(next);
    });

    it('that does not answer is unavailable, never empty', async () => {
      const asked = remotes.list(undefined, `${world.dir}/none.git`);
      await expect(asked).rejects.toThrow(UnavailableError);
      await expect(asked).rejects.toMatchObject({ code: 'git.remote-unreachable' });
    });
  });

  describe('fetching', () => {
    beforeEach(() => remotes.cloneBare(remote.url, repo));

    it('brings named branches only, also when they were rewritten', async () => {
      const main = remote.commit('main', { b: 'b\n' });
      remote.commit('side', { c: 'c\n' });
      await remotes.fetch(repo, 'origin', ['main']);
      expect(await remoteBranches()).toEqual(['main']);
      expect(await objects.resolve(repo, 'origin/main')).toBe(main);
      remote.setBranch('main', first);
      await remotes.fetch(repo, 'origin', ['main']);
      expect(await objects.resolve(repo, 'origin/main')).toBe(first);
    });

    it('forgets branches that are gone, and brings the others nevertheless', async () => {
      remote.commit('side', { c: 'c\n' });
      await remotes.fetch(repo, 'origin', []);
      remote.setBranch('side', undefined);
      const main = remote.commit('main', { b: 'b\n' });
      await remotes.fetch(repo, 'origin', ['side', 'main', 'never']);
      expect(await remoteBranches()).toEqual(['main']);
      expect(await objects.resolve(repo, 'origin/main')).toBe(main);
      remote.commit('side', { c: 'c\n' });
      await remotes.fetch(repo, 'origin', []);
      remote.setBranch('side', undefined);
      await remotes.fetch(repo, 'origin', []);
      expect(await remoteBranches()).toEqual(['main']);
    });

    it('from a remote that does not answer is an error and forgets nothing', async () => {
      await remotes.setUrls(repo, 'origin', { fetch: `${world.dir}/none.git` });
      await expect(remotes.fetch(repo, 'origin', [])).rejects.toThrow(UnavailableError);
      await expect(remotes.fetch(repo, 'origin', ['main'])).rejects.toThrow(UnavailableError);
      expect(await remoteBranches()).toEqual(['main']);
    });
  });

  describe('pushing', () => {
    beforeEach(() => remotes.cloneBare(remote.url, repo));
    const push = (...updates: readonly PushUpdate[]) => remotes.push(repo, { to: 'origin', updates });

    it('by a remote’s name moves what was fetched from it, by its URL nothing', async () => {
      const next = await nextCommit(first);
      await remotes.push(repo, { to: remote.url, updates: [{ ref: MAIN, sha: next }] });
      expect(await objects.resolve(repo, 'refs/remotes/origin/main')).toBe(first);
      const later = await nextCommit(next);
      await push({ ref: MAIN, sha: later });
      expect(await objects.resolve(repo, 'refs/remotes/origin/main')).toBe(later);
    });

    it('sets a branch of the remote, by name of the remote or by URL', async () => {
      const next = await nextCommit(first);
      expect(await push({ ref: 'refs/heads/polecat/n/gt-1@x', sha: next, lease: 'absent' })).toEqual({
        pushed: true,
      });
      expect(remote.head('polecat/n/gt-1@x')).toBe(next);
      expect(await remotes.push(repo, { to: remote.url, updates: [{ ref: MAIN, sha: next }] })).toEqual({
        pushed: true,
      });
      expect(remote.head('main')).toBe(next);
    });

    it('P8: compares and swaps: stale when the remote is not where it was', async () => {
      const [ours, theirs] = [await nextCommit(first, 'ours'), remote.commit('main', { b: 'b\n' })];
      expect(await push({ ref: MAIN, sha: ours, lease: first })).toMatchObject({
        pushed: false,
        cause: 'stale',
      });
      expect(remote.head('main')).toBe(theirs);
      expect(await push({ ref: MAIN, sha: ours, lease: theirs })).toEqual({ pushed: true });
      expect(remote.head('main')).toBe(ours);
    });

    it('without a lease only moves forward', async () => {
      const next = await nextCommit(first);
      remote.commit('main', { b: 'b\n' });
      expect(await push({ ref: MAIN, sha: next })).toMatchObject({ pushed: false, cause: 'stale' });
    });

    it('creates only what is absent when told so', async () => {
      const next = await nextCommit(first);
      expect(await push({ ref: MAIN, sha: next, lease: 'absent' })).toMatchObject({
        pushed: false,
        cause: 'stale',
      });
      expect(remote.head('main')).toBe(first);
    });

    it('is all or nothing', async () => {
      const next = await nextCommit(first);
      const outcome = await push(
        { ref: 'refs/heads/other', sha: next, lease: 'absent' },
        { ref: MAIN, sha: next, lease: NOBODY },
      );
      expect(outcome).toMatchObject({ pushed: false, cause: 'stale' });
      expect(remote.head('other')).toBeUndefined();
    });

    it('again of what is there already is fine, whatever was expected', async () => {
      const next = await nextCommit(first);
      await push({ ref: MAIN, sha: next, lease: first });
      expect(await push({ ref: MAIN, sha: next, lease: first })).toEqual({ pushed: true });
    });

    it('deletes a branch, with a lease only at the expected tip', async () => {
      const side = remote.commit('side', { c: 'c\n' });
      const ref = 'refs/heads/side';
      expect(await push({ ref, sha: undefined, lease: first })).toMatchObject({
        pushed: false,
        cause: 'stale',
      });
      expect(remote.head('side')).toBe(side);
      expect(await push({ ref, sha: undefined, lease: side })).toEqual({ pushed: true });
      expect(remote.head('side')).toBeUndefined();
      expect(await push({ ref, sha: undefined })).toEqual({ pushed: true });
    });

    it('of something the remote does not allow is rejected, not stale', async () => {
      const outcome = await push({ ref: MAIN, sha: undefined, lease: first });
      expect(outcome).toMatchObject({ pushed: false, cause: 'rejected' });
      expect(remote.head('main')).toBe(first);
    });

    it('to a remote that does not answer is unreachable', async () => {
      const to = `${world.dir}/none.git`;
      const outcome = await remotes.push(repo, { to, updates: [{ ref: MAIN, sha: first }] });
      expect(outcome).toMatchObject({ pushed: false, cause: 'unreachable' });
    });

    it('of a commit that is not here is an error of ours', async () => {
      await expect(push({ ref: 'refs/heads/x', sha: NOBODY })).rejects.toMatchObject({ code: 'git.failed' });
    });
  });

  describe('URLs', () => {
    beforeEach(() => remotes.cloneBare(remote.url, repo));

    it('take in a file of settings, once', async () => {
      await remotes.includeSettings(repo, '../extra/config');
      await remotes.includeSettings(repo, '../extra/config');
      expect(world.user(repo).read('config')?.split('path = ../extra/config')).toHaveLength(2);
    });

    it('are kept apart for fetch and push, and can be joined again', async () => {
      const fork = world.remote('fork.git');
      await remotes.setUrls(repo, 'origin', { fetch: remote.url, push: fork.url });
      expect(await remotes.urls(repo, 'origin')).toEqual({ fetch: remote.url, push: fork.url });
      const next = await nextCommit(first);
      await remotes.push(repo, { to: 'origin', updates: [{ ref: 'refs/heads/x', sha: next }] });
      expect([remote.head('x'), fork.head('x')]).toEqual([undefined, next]);
      await remotes.setUrls(repo, 'origin', { fetch: remote.url });
      expect(await remotes.urls(repo, 'origin')).toEqual({ fetch: remote.url, push: remote.url });
    });

    it('of a new remote can be fetched from; of none are undefined', async () => {
      const upstream = world.remote('upstream.git', { branch: 'trunk' });
      expect(await remotes.urls(repo, 'upstream')).toBeUndefined();
      await remotes.setUrls(repo, 'upstream', { fetch: upstream.url });
      await remotes.fetch(repo, 'upstream', ['trunk']);
      expect(await objects.resolve(repo, 'refs/remotes/upstream/trunk')).toBe(upstream.head('trunk'));
      expect(await objects.resolve(repo, 'origin/main')).toBe(first);
    });
  });
}
