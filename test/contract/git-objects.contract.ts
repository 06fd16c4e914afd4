import { beforeEach, describe, expect, it } from 'vitest';
import { parseSha, type Sha } from '../../src/core/names.ts';
import type { GitObjects, NewCommit } from '../../src/ports/git.ts';
import type { GitUnderTest, Remote } from '../support/git-worlds.ts';

const NOBODY = parseSha('1234567890123456789012345678901234567890');
const DELETED = (paths: readonly string[]) => paths.map((path) => ({ path, change: 'D' }));
const SIGNATURE = { name: 'Ann Ä', email: 'ann@example.test', at: 1_700_000_000 };

/** What every GitObjects promises; run on each implementation. */
export function gitObjectsContract(setUp: () => GitUnderTest): void {
  let world: GitUnderTest;
  let objects: GitObjects;
  let remote: Remote;
  let repo: string;
  let first: Sha;
  beforeEach(async () => {
    world = setUp();
    ({ objects } = world.git);
    remote = world.remote('origin.git', { files: { a: '1\n2\n3\n4\n5\n', 'dir/b': 'b\n' } });
    first = remote.head('main') ?? NOBODY;
    repo = `${world.dir}/repo.git`;
    await world.git.remotes.cloneBare(remote.url, repo);
  });
  /** A commit on `parent` made on the remote and fetched. */
  const change = async (branch: string, parent: Sha, files: Record<string, string | null>): Promise<Sha> => {
    remote.setBranch(branch, parent);
    const sha = remote.commit(branch, files, `On ${branch}`);
    await world.git.remotes.fetch(repo, 'origin', [branch]);
    return sha;
  };
  const commitOn = async (parent: Sha, more: Partial<NewCommit> = {}): Promise<Sha> => {
    const { tree } = await objects.commit(repo, parent);
    return objects.commitTree(repo, {
      tree,
      parents: [parent],
      message: 'A message',
      author: SIGNATURE,
      committer: SIGNATURE,
      ...more,
    });
  };

  describe('names of commits', () => {
    it('are found by branch, full ref, id, short id and steps back', async () => {
      const second = await change('main', first, { c: 'c\n' });
      for (const name of ['origin/main', 'refs/remotes/origin/main', second, second.slice(0, 10)]) {
        expect(await objects.resolve(repo, name)).toBe(second);
      }
      for (const name of ['origin/main~1', 'origin/main^', `${second}~`]) {
        expect(await objects.resolve(repo, name)).toBe(first);
      }
    });

    it.each(['nope', NOBODY, 'HEAD', 'origin/main~7', 'refs/heads/', '-x', 'a b', ''])(
      'that name nothing are undefined: %j',
      async (name) => expect(await objects.resolve(repo, name)).toBeUndefined(),
    );

    it('cannot be looked up where there is no repository', async () => {
      await expect(objects.resolve(`${world.dir}/none`, 'HEAD')).rejects.toMatchObject({
        code: 'git.failed',
      });
    });
  });

  describe('refs', () => {
    it('are listed by whole parts of their name, sorted', async () => {
      for (const name of ['refs/gt/b', 'refs/gt/a/x', 'refs/gtx/c']) {
        await objects.updateRef(repo, name, { to: first, from: undefined });
      }
      const names = async (prefix: string) => (await objects.listRefs(repo, prefix)).map((ref) => ref.name);
      expect(await names('refs/gt')).toEqual(['refs/gt/a/x', 'refs/gt/b']);
      expect(await names('refs/gt/')).toEqual(['refs/gt/a/x', 'refs/gt/b']);
      expect(await names('refs/gt/b')).toEqual(['refs/gt/b']);
      expect(await names('refs/none')).toEqual([]);
      expect(await objects.listRefs(repo, 'refs/remotes')).toEqual([
        { name: 'refs/remotes/origin/main', sha: first },
      ]);
    });

    it('move only from the value that was expected', async () => {
      const ref = 'refs/gt/mq/main/head';
      const second = await commitOn(first);
      expect(await objects.updateRef(repo, ref, { to: first, from: second })).toBe(false);
      expect(await objects.updateRef(repo, ref, { to: first, from: undefined })).toBe(true);
      expect(await objects.updateRef(repo, ref, { to: second, from: undefined })).toBe(false);
      expect(await objects.updateRef(repo, ref, { to: second, from: first })).toBe(true);
      expect(await objects.updateRef(repo, ref, { to: first, from: 'any' })).toBe(true);
      expect(await objects.resolve(repo, ref)).toBe(first);
    });

    it('are deleted only from the value that was expected; what is not there is deleted', async () => {
      const ref = 'refs/gt/x';
      await objects.updateRef(repo, ref, { to: first, from: undefined });
      expect(await objects.updateRef(repo, ref, { to: undefined, from: NOBODY })).toBe(false);
      expect(await objects.updateRef(repo, ref, { to: undefined, from: first })).toBe(true);
      expect(await objects.updateRef(repo, ref, { to: undefined, from: 'any' })).toBe(true);
      expect(await objects.updateRef(repo, ref, { to: undefined, from: undefined })).toBe(true);
      expect(await objects.listRefs(repo, ref)).toEqual([]);
    });

    it('are changed many at once, all but those that have moved', async () => {
      const second = await commitOn(first);
      await objects.updateRef(repo, 'refs/gt/gone', { to: first, from: undefined });
      const changes = [
        { ref: 'refs/gt/new', to: second, from: undefined },
        { ref: 'refs/gt/gone', to: undefined, from: first },
        { ref: 'refs/gt/any', to: first, from: 'any' as const },
      ];
      await objects.updateRefs(repo, changes);
      const moved = { ref: 'refs/gt/new', to: undefined, from: first };
      await objects.updateRefs(repo, [moved, { ref: 'refs/gt/any', to: undefined, from: 'any' }]);
      await objects.updateRefs(repo, []);
      expect(await objects.listRefs(repo, ['refs/gt/new', 'refs/gt/any', 'refs/gt/gone'])).toEqual([
        { name: 'refs/gt/new', sha: second },
      ]);
      expect(await objects.listRefs(repo, [])).toEqual([]);
    });

    it('cannot name what is not there, have a bad name, or stand where a folder of refs is', async () => {
      await objects.updateRef(repo, 'refs/gt/a/b', { to: first, from: undefined });
      const make = (ref: string, to: Sha) => objects.updateRef(repo, ref, { to, from: undefined });
      await expect(make('refs/gt/c', NOBODY)).rejects.toMatchObject({ code: 'git.failed' });
      await expect(make('refs/gt/a..b', first)).rejects.toMatchObject({ code: 'git.failed' });
      await expect(make('refs/gt/a', first)).rejects.toMatchObject({ code: 'git.failed' });
      await expect(make('refs/gt/a/b/c', first)).rejects.toMatchObject({ code: 'git.failed' });
    });
  });

  describe('commits', () => {
    it('have the same id for the same content, wherever they are made', async () => {
      const one = await commitOn(first, { message: 'Title\n\nBody ä\n\nGt-MR: gt-1' });
      const again = await commitOn(first, { message: 'Title\n\nBody ä\n\nGt-MR: gt-1\n' });
      expect(again).toBe(one);
      expect(await commitOn(first, { message: 'Other' })).not.toBe(one);
      const root = await commitOn(first, { parents: [], message: 'Title\n\nBody ä' });
      // The id that git gives to it on every machine.
      expect(root).toBe('983cf95dbb44140631737242a9d746946c5d49ae');
    });

    it('are read back as they were made', async () => {
      const committer = { name: 'gt', email: 'gt@localhost', at: 1_700_000_123 };
      const sha = await commitOn(first, { message: 'Title\n\n  indented\n\n\nend', committer });
      expect(await objects.commit(repo, sha)).toEqual({
        sha,
        tree: (await objects.commit(repo, first)).tree,
        parents: [first],
        author: SIGNATURE,
        committer,
        message: 'Title\n\n  indented\n\n\nend',
      });
    });

    it('cannot be made from what is not there, or without a name', async () => {
      await expect(commitOn(first, { parents: [NOBODY] })).rejects.toMatchObject({ code: 'git.failed' });
      await expect(commitOn(first, { tree: NOBODY })).rejects.toMatchObject({ code: 'git.failed' });
      await expect(commitOn(first, { author: { ...SIGNATURE, name: '' } })).rejects.toMatchObject({
        code: 'git.failed',
      });
      await expect(objects.commit(repo, NOBODY)).rejects.toMatchObject({ code: 'git.failed' });
    });

    it('are listed newest first, without those of the other side, up to a limit', async () => {
      const at = (seconds: number) => ({
        author: { ...SIGNATURE, at: seconds },
        committer: { ...SIGNATURE, at: seconds },
      });
      const one = await commitOn(first, { message: 'one', ...at(1_900_000_001) });
      const two = await commitOn(one, { message: 'two', ...at(1_900_000_002) });
      const side = await commitOn(first, { message: 'side', ...at(1_900_000_003) });
      const merge = await commitOn(two, { message: 'merge', parents: [two, side], ...at(1_900_000_004) });
      const messages = async (range: {
        from?: Sha | readonly Sha[];
        to: Sha | readonly Sha[];
        limit: number;
      }) => (await objects.log(repo, range)).map((commit) => commit.message);
      expect(await messages({ from: first, to: merge, limit: 99 })).toEqual(['merge', 'side', 'two', 'one']);
      expect(await messages({ from: one, to: merge, limit: 2 })).toEqual(['merge', 'side']);
      expect(await messages({ from: merge, to: one, limit: 99 })).toEqual([]);
      expect(await messages({ to: one, limit: 99 })).toEqual(['one', 'Initial commit']);
      const several = { from: [NOBODY, side, one], to: merge, limit: 99 };
      expect(await messages(several)).toEqual(['merge', 'two']);
      expect(await messages({ ...several, to: side })).toEqual([]);
      expect(await messages({ from: first, to: [two, side, one], limit: 99 })).toEqual([
        'side',
        'two',
        'one',
      ]);
      expect(await messages({ from: first, to: [], limit: 99 })).toEqual([]);
    });

    it('are listed without what the base holds, however wrong their dates are', async () => {
      const chain = async (from: Sha, count: number, at: (index: number) => number): Promise<Sha> => {
        let tip = from;
        for (let index = 0; index < count; index += 1) {
          const when = { ...SIGNATURE, at: at(index) };
          tip = await commitOn(tip, { message: `${at(index)}`, author: when, committer: when });
        }
        return tip;
      };
      const fork = await chain(first, 12, (index) => 1_900_000_000 + index);
      const old = await chain(fork, 12, (index) => 1000 + index);
      const one = await chain(fork, 1, () => 1_900_001_000);
      const two = await chain(one, 1, () => 1_900_000_500);
      const ids = async (range: Parameters<GitObjects['log']>[1]) =>
        (await objects.log(repo, range)).map(({ sha }) => sha);
      expect(await ids({ from: old, to: two, limit: 99 })).toEqual([two, one]);
      expect(await ids({ from: old, to: [one, two], limit: 99 })).toEqual([two, one]);
      expect(await ids({ from: [NOBODY, old], to: two, limit: 1 })).toEqual([two]);
      expect(await ids({ from: old, to: fork, limit: 1 })).toEqual([]);
      expect(await ids({ from: [old, first], to: [fork, first], limit: 9 })).toEqual([]);
    });

    it('have a base in common, or none', async () => {
      const [ours, theirs] = [
        await commitOn(first, { message: 'ours' }),
        await commitOn(first, { message: 'theirs' }),
      ];
      expect(await objects.mergeBase(repo, ours, theirs)).toBe(first);
      expect(await objects.mergeBase(repo, first, theirs)).toBe(first);
      const stranger = await commitOn(first, { parents: [] });
      expect(await objects.mergeBase(repo, ours, stranger)).toBeUndefined();
      await expect(objects.mergeBase(repo, ours, NOBODY)).rejects.toMatchObject({ code: 'git.failed' });
    });
  });

  describe('merging without a worktree', () => {
    it('takes both sides’ changes, also in one file, and ends in the same tree either way', async () => {
      const ours = await change('ours', first, { a: 'ONE\n2\n3\n4\n5\n', c: 'new\n' });
      const theirs = await change('theirs', first, { a: '1\n2\n3\n4\nFIVE\n', 'dir/b': null });
      const merged = await objects.mergeTree(repo, ours, theirs);
      expect(await objects.mergeTree(repo, theirs, ours)).toEqual(merged);
      if (!merged.merged) throw new Error('conflict');
      const sha = await commitOn(ours, { tree: merged.tree, parents: [ours, theirs] });
      expect(world.filesOf(repo, sha)).toEqual({ a: 'ONE\n2\n3\n4\nFIVE\n', c: 'new\n' });
    });

    it('names every path in conflict: same lines, added twice, changed and deleted', async () => {
      const ours = await change('ours', first, { a: '1\n2\nours\n4\n5\n', new: 'ours\n', 'dir/b': null });
      const theirs = await change('theirs', first, {
        a: '1\n2\ntheirs\n4\n5\n',
        new: 'theirs\n',
        'dir/b': 'changed\n',
      });
      const result = await objects.mergeTree(repo, ours, theirs);
      expect(result).toEqual({ merged: false, conflicts: ['a', 'dir/b', 'new'] });
    });

    it('is a conflict where changes merely touch, none where a line stands between them', async () => {
      const ours = await change('ours', first, { a: '1\nTWO\n3\n4\n5\n' });
      const touching = await change('touching', first, { a: '1\n2\nTHREE\n4\n5\n' });
      const apart = await change('apart', first, { a: '1\n2\n3\nFOUR\n5\n' });
      expect(await objects.mergeTree(repo, ours, touching)).toEqual({ merged: false, conflicts: ['a'] });
      expect(await objects.mergeTree(repo, ours, apart)).toMatchObject({ merged: true });
    });

    it('takes a change that both made once', async () => {
      const ours = await change('ours', first, { a: '1\n2\nsame\n4\n5\n', n: 'same\n' });
      const theirs = await change('theirs', first, { a: '1\n2\nsame\n4\n5\n', n: 'same\n', o: 'o\n' });
      const { tree } = await objects.commit(repo, theirs);
      expect(await objects.mergeTree(repo, ours, theirs)).toEqual({ merged: true, tree });
    });

    it('of what is contained already changes nothing', async () => {
      const ours = await change('ours', first, { a: 'x\n' });
      const { tree } = await objects.commit(repo, ours);
      expect(await objects.mergeTree(repo, ours, first)).toEqual({ merged: true, tree });
      expect(await objects.mergeTree(repo, first, ours)).toEqual({ merged: true, tree });
    });

    it('that cannot be tried is an error, not a conflict', async () => {
      const stranger = await commitOn(first, { parents: [] });
      await expect(objects.mergeTree(repo, first, NOBODY)).rejects.toMatchObject({ code: 'git.failed' });
      await expect(objects.mergeTree(repo, first, stranger)).rejects.toMatchObject({ code: 'git.failed' });
    });
  });

  describe('commits that nothing names any more', () => {
    it('are found by their tips; what a ref holds is not lost', async () => {
      const lost = (at: string) => world.git.snapshots.lost(at);
      expect(await lost(repo)).toEqual([]);
      const middle = await commitOn(first, { message: 'middle' });
      const tip = await commitOn(middle, { message: 'tip' });
      const kept = await commitOn(first, { message: 'kept' });
      await objects.updateRef(repo, 'refs/gt/rescue/proj/nux/1', { to: kept, from: undefined });
      expect(await lost(repo)).toEqual([tip]);
      await objects.updateRef(repo, 'refs/heads/again', { to: tip, from: undefined });
      expect(await lost(repo)).toEqual([]);
    });
  });

  describe('comparing', () => {
    it('lists the paths that differ with their kind of change, odd names included', async () => {
      const odd = 'odd "name"\tä\\';
      const next = await change('next', first, { a: 'x\n', 'dir/b': null, 'dir/c/d': 'd\n', [odd]: 'o\n' });
      const expected = [
        { path: 'a', change: 'M' },
        { path: 'dir/b', change: 'D' },
        { path: 'dir/c/d', change: 'A' },
        { path: odd, change: 'A' },
      ];
      const same = { from: next, to: next };
      const pairs = [same, { from: first, to: next }, same, { from: next, to: first }];
      const back = [{ path: 'a', change: 'M' }, { path: 'dir/b', change: 'A' }, ...DELETED(['dir/c/d', odd])];
      expect(await objects.changedPaths(repo, pairs)).toEqual([[], expected, [], back]);
      expect(await objects.changedPaths(repo, [])).toEqual([]);
      await expect(objects.changedPaths(repo, [same, { from: first, to: NOBODY }])).rejects.toMatchObject({
        code: 'git.failed',
      });
    });

    it('finds the commits whose patch the other side does not hold, under whatever id', async () => {
      const kept = await change('work', first, { a: 'ONE\n2\n3\n4\n5\n' });
      const lost = remote.commit('work', { c: 'c\n' }, 'lost');
      await world.git.remotes.fetch(repo, 'origin', ['work']);
      const before = await change('main', first, { z: 'z\n' });
      const upstream = await change('main', before, { a: 'ONE\n2\n3\n4\n5\n' });
      expect(await objects.missingPatches(repo, upstream, lost)).toEqual([lost]);
      expect(await objects.missingPatches(repo, before, lost)).toEqual([kept, lost]);
      expect(await objects.missingPatches(repo, lost, lost)).toEqual([]);
    });
  });
}
