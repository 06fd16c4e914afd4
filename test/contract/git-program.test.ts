import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGit } from '../../src/adapters/git.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import type { Sha } from '../../src/core/names.ts';
import type { Git } from '../../src/ports/git.ts';
import { GIT_ENV, realGitWorld, sh } from '../support/git-worlds.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { eachWorktree, proofOf, type WorktreeFixture } from './git-worktree-fixture.ts';

const tempDir = tempDirs();
const COMMIT = {
  message: 'Leftovers',
  author: { name: 'nux', email: 'nux@gastown.local' },
  excludes: [],
  keepDeletions: true,
};

/** What only the git program can get wrong: bytes, settings, hooks, simultaneous pushes, submodules. */
describe('the git program', () => {
  let fixture: WorktreeFixture;
  let git: Git;
  let repo: string;
  let path: string;
  let base: Sha;
  eachWorktree(
    () => realGitWorld(tempDir()),
    (made) => {
      fixture = made;
      ({ repo, path, base } = made);
      ({ git } = made.world);
    },
  );
  const hook = (dir: string, name: string, body: string): void => {
    mkdirSync(join(dir, 'hooks'), { recursive: true });
    writeFileSync(join(dir, 'hooks', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  };
  const nextCommit = async (parent: Sha, message: string): Promise<Sha> => {
    const { tree, author, committer } = await git.objects.commit(repo, parent);
    return git.objects.commitTree(repo, { tree, parents: [parent], message, author, committer });
  };

  describe('what surrounds it', () => {
    it('does not follow GIT_DIR and its like into another repository', async () => {
      const other = join(fixture.world.dir, 'origin.git');
      const env = {
        ...GIT_ENV,
        GIT_DIR: other,
        GIT_WORK_TREE: '/',
        GIT_INDEX_FILE: '/nonexistent',
        GIT_OBJECT_DIRECTORY: '/nonexistent',
      };
      const led = createGit({ processes: createProcesses(), env });
      expect(await led.worktrees.status(path)).toMatchObject({ head: base, branch: 'polecat/nux/gt-1@x' });
    });

    it('does not take a broken worktree for the repository that contains the town', async () => {
      const town = fixture.world.dir;
      sh(town, 'init', '--quiet', '.');
      fixture.user.remove('.git');
      await expect(git.worktrees.status(path)).rejects.toMatchObject({ code: 'git.unreadable' });
      await expect(git.worktrees.commitAll(path, COMMIT)).rejects.toMatchObject({ code: 'git.failed' });
      await expect(git.worktrees.reset(path, base, proofOf(path))).rejects.toMatchObject({
        code: 'git.failed',
      });
    });

    it('does not run the hooks of a project where it commits and moves', async () => {
      sh(repo, 'config', 'core.hooksPath', join(repo, 'hooks'));
      for (const name of [
        'pre-commit',
        'commit-msg',
        'post-checkout',
        'prepare-commit-msg',
        'reference-transaction',
      ]) {
        hook(repo, name, 'exit 1');
      }
      fixture.user.write('a', 'x\n');
      const sha = await git.worktrees.commitAll(path, COMMIT);
      await git.worktrees.checkout(path, { commit: base });
      expect(sha).toBeDefined();
    });

    it('removes what a killed git left when a worktree is reset', async () => {
      const gitDir = sh(path, 'rev-parse', '--absolute-git-dir');
      writeFileSync(join(gitDir, 'index.lock'), '');
      await git.worktrees.reset(path, base, proofOf(path));
      expect(existsSync(join(gitDir, 'index.lock'))).toBe(false);
    });

    it('minds the lock of a git at work, and removes one that is long out of use', async () => {
      const lock = join(sh(path, 'rev-parse', '--absolute-git-dir'), 'index.lock');
      fixture.user.write('a', 'x\n');
      writeFileSync(lock, '');
      const refused = git.worktrees.commitAll(path, COMMIT);
      await expect(refused).rejects.toMatchObject({
        code: 'git.failed',
        hint: expect.stringContaining('remove that file'),
      });
      const longAgo = Date.now() / 1000 - 3600;
      utimesSync(lock, longAgo, longAgo);
      expect(await git.worktrees.commitAll(path, COMMIT)).toBeDefined();
    });

    it('names no password of a URL in what it says', async () => {
      const asked = git.remotes.list(undefined, 'https://me:hunter2@127.0.0.1:1/r.git');
      await expect(asked).rejects.toMatchObject({ code: 'git.remote-unreachable' });
      await expect(asked).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
    });

    it('says what is missing when there is no git', async () => {
      const none = createGit({ processes: createProcesses(), env: { PATH: '/nonexistent' } });
      await expect(none.objects.resolve(repo, 'HEAD')).rejects.toMatchObject({ code: 'git.not-started' });
    });

    it.runIf(process.getuid?.() !== 0)('cannot keep a file that it cannot read, and says so', async () => {
      fixture.user.write('secret', 'x');
      chmodSync(join(path, 'secret'), 0o000);
      await expect(git.snapshots.take(path, 'Rescue')).rejects.toMatchObject({ code: 'git.failed' });
    });
  });

  describe('pushing', () => {
    const main = 'refs/heads/main';
    const push = (sha: Sha, more: { timeoutMs?: number; env?: Record<string, string> } = {}) =>
      git.remotes.push(repo, { to: 'origin', updates: [{ ref: main, sha, lease: base }], ...more });

    it('P8: of eight at once exactly one wins, the others are stale', async () => {
      const commits = await Promise.all(
        [1, 2, 3, 4, 5, 6, 7, 8].map((n) => nextCommit(base, `candidate ${n}`)),
      );
      const outcomes = await Promise.all(commits.map((sha) => push(sha)));
      const winners = commits.filter((_, at) => outcomes[at]?.pushed);
      expect(winners).toEqual([fixture.remote.head('main')]);
      const causes = outcomes.flatMap((outcome) => (outcome.pushed ? [] : [outcome.cause]));
      expect(causes).toEqual(Array.from({ length: 7 }, () => 'stale'));
    });

    it('says with what words the remote rejected it', async () => {
      hook(fixture.remote.url, 'pre-receive', 'echo "no pushes on Sunday" >&2; exit 1');
      sh(fixture.remote.url, 'config', 'core.hooksPath', join(fixture.remote.url, 'hooks'));
      const outcome = await push(await nextCommit(base, 'x'));
      expect(outcome).toMatchObject({ pushed: false, cause: 'rejected' });
      expect(outcome).toMatchObject({ why: expect.stringContaining('no pushes on Sunday') });
      expect(fixture.remote.head('main')).toBe(base);
    });

    it('runs the guard of the repository, with the variables of the push', async () => {
      sh(repo, 'config', 'core.hooksPath', join(repo, 'hooks'));
      hook(
        repo,
        'pre-push',
        'test "$GT_MQ_PUSH" = nonce || { echo "the merge queue pushes here" >&2; exit 1; }',
      );
      const sha = await nextCommit(base, 'x');
      expect(await push(sha)).toMatchObject({
        cause: 'rejected',
        why: expect.stringContaining('the merge queue pushes here'),
      });
      expect(await push(sha, { env: { GT_MQ_PUSH: 'nonce' } })).toEqual({ pushed: true });
    });

    it('gives up at its time limit and leaves no process behind', async () => {
      sh(repo, 'config', 'core.hooksPath', join(repo, 'hooks'));
      const file = join(fixture.world.dir, 'pid');
      hook(repo, 'pre-push', `echo $$ > ${file}; sleep 600`);
      const outcome = await push(await nextCommit(base, 'x'), { timeoutMs: 300 });
      expect(outcome).toMatchObject({ pushed: false, cause: 'timeout' });
      expect(await createProcesses().identify(Number(readFileSync(file, 'utf8')))).toBeUndefined();
    });
  });

  describe('submodules', () => {
    let library: string;
    let withModule: Sha;
    beforeEach(async () => {
      library = fixture.world.remote('library.git', { files: { lib: 'one\n' } }).url;
      const desk = join(fixture.world.dir, 'origin.git.desk');
      sh(desk, 'submodule', '--quiet', 'add', library, 'vendor/lib');
      sh(desk, 'commit', '--quiet', '-m', 'Add the library');
      sh(desk, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main');
      await git.remotes.fetch(repo, 'origin', ['main']);
      withModule = (await git.objects.resolve(repo, 'origin/main')) ?? base;
    });
    const modulePath = (): string => join(path, 'vendor/lib');

    it('come with a worktree and follow it', async () => {
      await git.worktrees.checkout(path, { commit: withModule });
      expect(readFileSync(join(modulePath(), 'lib'), 'utf8')).toBe('one\n');
      expect((await git.worktrees.status(path)).changed).toEqual([]);
      const other = join(fixture.world.dir, 'other');
      await git.worktrees.add(repo, other, { commit: withModule });
      expect(readFileSync(join(other, 'vendor/lib/lib'), 'utf8')).toBe('one\n');
    });

    it('are brought back by a reset, changed files and all', async () => {
      await git.worktrees.checkout(path, { commit: withModule });
      writeFileSync(join(modulePath(), 'lib'), 'changed\n');
      writeFileSync(join(modulePath(), 'new'), 'new\n');
      sh(modulePath(), 'add', '--all');
      sh(modulePath(), 'commit', '--quiet', '-m', 'inside');
      expect((await git.worktrees.status(path)).changed).toEqual(['vendor/lib']);
      await git.worktrees.reset(path, withModule, proofOf(path));
      expect((await git.worktrees.status(path)).changed).toEqual([]);
      expect(readFileSync(join(modulePath(), 'lib'), 'utf8')).toBe('one\n');
    });

    it('that cannot be fetched leave the worktree usable, and nothing of them is committed', async () => {
      rmSync(library, { recursive: true });
      await git.worktrees.checkout(path, { commit: withModule });
      fixture.user.write('a', 'x\n');
      const sha = await git.worktrees.commitAll(path, COMMIT);
      const pair = { from: withModule, to: sha ?? base };
      expect(await git.objects.changedPaths(repo, [pair])).toEqual([[{ path: 'a', change: 'M' }]]);
    });

    it('P2: keep unpublished commits and changes in their own snapshot', async () => {
      await git.worktrees.checkout(path, { commit: withModule });
      expect(await git.snapshots.take(modulePath(), 'Rescue')).toBeUndefined();
      writeFileSync(join(modulePath(), 'lib'), 'changed\n');
      const sha = await git.snapshots.take(modulePath(), 'Rescue');
      expect(sh(modulePath(), 'show', `${sha}:lib`)).toBe('changed');
    });

    it('go with a worktree that is removed', async () => {
      await git.worktrees.checkout(path, { commit: withModule });
      await git.worktrees.remove(repo, path, proofOf(path));
      expect(existsSync(path)).toBe(false);
      expect(await git.worktrees.list(repo)).toEqual([]);
    });
  });
});
