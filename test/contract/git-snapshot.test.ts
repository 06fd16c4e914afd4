import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sha } from '../../src/core/names.ts';
import type { Git } from '../../src/ports/git.ts';
import { GIT_ENV, realGitWorld, sh } from '../support/git-worlds.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { conflictingCommit, eachWorktree, proofOf, type WorktreeFixture } from './git-worktree-fixture.ts';

const tempDir = tempDirs();

describe('P2: a snapshot of the git program keeps every byte', () => {
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
  const snapshot = async (): Promise<Sha> => {
    const sha = await git.snapshots.take(path, 'Rescue');
    if (sha === undefined) throw new Error('nothing to keep');
    return sha;
  };
  const bytesOf = (object: string): Buffer =>
    execFileSync('git', ['-C', repo, 'cat-file', 'blob', object], { env: { PATH: GIT_ENV['PATH'] } });

  it('of names that are not UTF-8 or hold line breaks, quotes and blanks', async () => {
    const names = [
      Buffer.from([0x6c, 0xe4]),
      Buffer.from('new\nline'),
      Buffer.from(' "\\\t'),
      Buffer.from('-x'),
    ];
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${path}/`), name]), name);
    const listed = execFileSync('git', ['-C', repo, 'ls-tree', '-r', '-z', '--name-only', await snapshot()], {
      env: { PATH: GIT_ENV['PATH'] },
      encoding: 'latin1',
    });
    for (const name of names) expect(listed.split('\0')).toContain(name.toString('latin1'));
  });

  it('of line ends that git would convert and of files that a filter would change', async () => {
    writeFileSync(join(path, '.gitattributes'), '*.txt text eol=lf\n*.up filter=up\n');
    sh(path, 'config', 'filter.up.clean', 'tr a-z A-Z');
    sh(path, 'config', 'filter.up.required', 'true');
    writeFileSync(join(path, 'dos.txt'), 'a\r\nb\n\r');
    writeFileSync(join(path, 'x.up'), 'lower');
    const sha = await snapshot();
    expect(bytesOf(`${sha}:dos.txt`).toString()).toBe('a\r\nb\n\r');
    expect(bytesOf(`${sha}:x.up`).toString()).toBe('lower');
  });

  it('of a program that may be run, also when only that changed', async () => {
    chmodSync(join(path, 'a'), 0o755);
    expect(sh(repo, 'ls-tree', await snapshot(), 'a')).toMatch(/^100755/);
  });

  it('of tracked files that git was told not to look at', async () => {
    sh(path, 'update-index', '--skip-worktree', 'a');
    sh(path, 'update-index', '--assume-unchanged', 'dir/b');
    fixture.user.write('a', 'hidden change\n');
    fixture.user.write('dir/b', 'another\n');
    expect((await git.worktrees.status(path)).changed).toEqual([]);
    const sha = await snapshot();
    expect(bytesOf(`${sha}:a`).toString()).toBe('hidden change\n');
    expect(bytesOf(`${sha}:dir/b`).toString()).toBe('another\n');
  });

  it('of a file that became a folder and a folder that became a file', async () => {
    rmSync(join(path, 'a'));
    fixture.user.write('a/inside', 'x\n');
    rmSync(join(path, 'dir'), { recursive: true });
    fixture.user.write('dir', 'file now\n');
    const sha = await snapshot();
    expect(sh(repo, 'ls-tree', '-r', '--name-only', sha).split('\n')).toEqual([
      '.gitignore',
      'a/inside',
      'dir',
    ]);
  });

  it('of a conflict: the file with its marks, each side, and where the rebase stood', async () => {
    fixture.user.beginRebase(await conflictingCommit(fixture));
    const sha = await snapshot();
    expect(bytesOf(`${sha}:a`).toString()).toContain('<<<<<<<');
    expect(bytesOf(`${sha}^2:.stage-2/a`).toString()).toBe('1\ntheirs\n3\n');
    expect(bytesOf(`${sha}^2:.stage-3/a`).toString()).toBe('1\nours\n3\n');
    expect(bytesOf(`${sha}^3:rebase-merge/head-name`).toString()).toBe('refs/heads/polecat/nux/gt-1@x\n');
    expect(sh(repo, 'log', '-1', '--format=%b', sha)).toContain('^3 the rebase under way');
  });

  it.each(['merge', 'cherry-pick', 'revert'] as const)(
    'of a %s under way, and it can be reset',
    async (operation) => {
      const other = await conflictingCommit(fixture);
      if (operation === 'revert') fixture.user.write('a', '1\nlater\n3\n');
      const target = operation === 'revert' ? sh(path, 'rev-parse', 'HEAD') : other;
      if (operation === 'revert') fixture.user.commitEverything('later');
      expect(() => sh(path, operation, '--no-edit', target)).toThrow();
      expect((await git.worktrees.status(path)).operation).toBe(operation);
      const sha = await snapshot();
      expect(sh(repo, 'log', '-1', '--format=%b', sha)).toContain(`the ${operation} under way`);
      await git.worktrees.reset(path, base, proofOf(path));
      expect(await git.worktrees.status(path)).toMatchObject({
        operation: undefined,
        changed: [],
        head: base,
      });
    },
  );

  it('and is read back with one git command', async () => {
    writeFileSync(join(path, 'a'), Buffer.from([0, 255, 13, 10]));
    fixture.user.write('deep/new', 'n');
    fixture.user.link('link', 'nowhere');
    const sha = await snapshot();
    const back = join(fixture.world.dir, 'back');
    sh(repo, 'worktree', 'add', '--quiet', '--detach', back, sha);
    expect(readFileSync(join(back, 'a'))).toEqual(Buffer.from([0, 255, 13, 10]));
    expect(readFileSync(join(back, 'deep/new'), 'utf8')).toBe('n');
    expect(sh(back, 'status', '--porcelain')).toBe('');
  });

  it('of a clone inside with commits that are nowhere else, its objects included', async () => {
    fixture.user.clone('inner', { x: 'one\n' });
    const inner = fixture.world.user(join(path, 'inner'));
    inner.write('x', 'two\n');
    const tip = inner.commitEverything('second');
    inner.write('x', 'dirty\n');
    const sha = await snapshot();
    await git.worktrees.remove(repo, path, proofOf(path));
    expect(bytesOf(`${sha}:inner/x`).toString()).toBe('dirty\n');
    expect(sh(repo, 'show', `${tip}:x`)).toBe('two');
    expect(sh(repo, 'rev-list', sha).split('\n')).toContain(tip);
  });

  it('writes nothing in the worktree, its index included', async () => {
    fixture.user.write('a', 'x\n');
    const gitDir = sh(path, 'rev-parse', '--absolute-git-dir');
    const before = [
      readdirSync(gitDir).sort(),
      readFileSync(join(gitDir, 'index')),
      statSync(join(gitDir, 'index')).mtimeMs,
    ];
    await snapshot();
    await git.worktrees.status(path);
    expect([
      readdirSync(gitDir).sort(),
      readFileSync(join(gitDir, 'index')),
      statSync(join(gitDir, 'index')).mtimeMs,
    ]).toEqual(before);
  });
});

describe('P2: a snapshot of the git program comes back', () => {
  let fixture: WorktreeFixture;
  let git: Git;
  eachWorktree(
    () => realGitWorld(tempDir()),
    (made) => {
      fixture = made;
      ({ git } = made.world);
    },
  );
  const comeBack = async (): Promise<{ readonly back: string; readonly notes: readonly string[] }> => {
    const { repo, path, world } = fixture;
    const sha = await git.snapshots.take(path, 'Rescue');
    if (sha === undefined) throw new Error('nothing to keep');
    await git.worktrees.remove(repo, path, proofOf(path));
    const back = join(world.dir, 'back');
    const notes = await git.snapshots.restore(repo, sha, { path: back, submodules: [] });
    return { back, notes };
  };

  it('with bytes that line-end conversion and filters would change, and what was staged of them', async () => {
    const { path } = fixture;
    writeFileSync(join(path, '.gitattributes'), '*.txt text eol=crlf\n*.up filter=up\n*.id ident\n');
    sh(path, 'config', 'filter.up.clean', 'tr a-z A-Z');
    sh(path, 'config', 'filter.up.smudge', 'tr A-Z a-z');
    const bytes = { 'lf.txt': 'a\nb\n', 'x.up': 'MiXed', 'z.id': '$Id: old $', 'nul.txt': '\u0000\r\n\r' };
    for (const [file, text] of Object.entries(bytes)) writeFileSync(join(path, file), text);
    sh(path, 'add', 'lf.txt', '.gitattributes');
    const staged = sh(path, 'ls-files', '--stage');
    const { back } = await comeBack();
    for (const [file, text] of Object.entries(bytes))
      expect(readFileSync(join(back, file), 'utf8')).toBe(text);
    expect(sh(back, 'ls-files', '--stage')).toBe(staged);
  });

  it('in the middle of a rebase, which then ends as it would have, on its branch', async () => {
    const { path, user } = fixture;
    user.beginRebase(await conflictingCommit(fixture));
    const before = [sh(path, 'status', '--porcelain=v2'), sh(path, 'ls-files', '--stage')];
    const { back, notes } = await comeBack();
    expect([sh(back, 'status', '--porcelain=v2'), sh(back, 'ls-files', '--stage')]).toEqual(before);
    expect(notes).toEqual([]);
    writeFileSync(join(back, 'a'), 'solved\n');
    sh(back, 'add', 'a');
    sh(back, 'rebase', '--continue');
    expect(sh(back, 'branch', '--show-current')).toBe('polecat/nux/gt-1@x');
    expect(sh(back, 'show', 'HEAD:a')).toBe('solved');
  });

  it('in the middle of a rebase whose branch went on without it: that branch is left alone', async () => {
    const { repo, path, user } = fixture;
    user.beginRebase(await conflictingCommit(fixture));
    sh(path, 'update-ref', 'refs/heads/polecat/nux/gt-1@x', fixture.base);
    const { back, notes } = await comeBack();
    expect(notes).toEqual([expect.stringContaining('has moved since') as string]);
    writeFileSync(join(back, 'a'), 'solved\n');
    sh(back, 'add', 'a');
    sh(back, 'rebase', '--continue');
    expect(sh(back, 'branch', '--show-current')).toBe('');
    expect(sh(repo, 'rev-parse', 'refs/heads/polecat/nux/gt-1@x')).toBe(fixture.base);
  });

  it.each(['merge', 'cherry-pick'] as const)('in the middle of a %s', async (operation) => {
    const { path } = fixture;
    const other = await conflictingCommit(fixture);
    expect(() => sh(path, operation, other)).toThrow();
    const before = sh(path, 'status', '--porcelain=v2');
    const { back } = await comeBack();
    expect(sh(back, 'status', '--porcelain=v2')).toBe(before);
    writeFileSync(join(back, 'a'), 'solved\n');
    sh(back, 'commit', '--all', '--no-edit', '--quiet');
    expect(sh(back, 'rev-list', '--parents', '-1', 'HEAD').split(' ')).toHaveLength(
      operation === 'merge' ? 3 : 2,
    );
  });

  it('with the clone inside: its branches, staged content and stash', async () => {
    const { user, world, path } = fixture;
    user.clone('inner', { x: 'one\n' });
    const inner = world.user(join(path, 'inner'));
    inner.write('x', 'stashed\n');
    inner.stash();
    inner.write('y', 'staged\n');
    inner.stage('y');
    inner.write('y', 'on disk\n');
    const before = ['log -1 --format=%H', 'status --porcelain', 'stash list --format=%H'].map((args) =>
      sh(join(path, 'inner'), ...args.split(' ')),
    );
    const { back } = await comeBack();
    const after = ['log -1 --format=%H', 'status --porcelain', 'stash list --format=%H'].map((args) =>
      sh(join(back, 'inner'), ...args.split(' ')),
    );
    expect(after).toEqual(before);
    expect(readFileSync(join(back, 'inner/y'), 'utf8')).toBe('on disk\n');
    expect(sh(join(back, 'inner'), 'show', ':y')).toBe('staged');
  });

  it('of a sparse checkout: what is outside of it is not taken for deleted', async () => {
    const { repo, world, remote } = fixture;
    const wide = remote.commit('main', { 'in/x': 'x\n', 'out/y': 'y\n' });
    await git.remotes.fetch(repo, 'origin', []);
    const path = join(world.dir, 'sparse');
    await git.worktrees.add(repo, path, { commit: wide, sparse: ['in'] });
    expect(readdirSync(path).sort()).toEqual(['.git', '.gitignore', 'a', 'in']);
    expect(await git.worktrees.status(path)).toMatchObject({ changed: [], untracked: [] });
    expect(await git.snapshots.take(path, 'Rescue')).toBeUndefined();
    writeFileSync(join(path, 'in/x'), 'changed\n');
    const sha = await git.snapshots.take(path, 'Rescue');
    const pair = { from: wide, to: sha ?? wide };
    expect(await git.objects.changedPaths(repo, [pair])).toEqual([[{ path: 'in/x', change: 'M' }]]);
  });

  it('writes nothing outside the folder, whatever a commit message says', async () => {
    const { repo, world, base } = fixture;
    const author = { name: 'x', email: 'x@y', at: 0 };
    const { tree } = await git.objects.commit(repo, base);
    const message = 'm\n\n^1 the repository in ../outside\n';
    const sha = await git.objects.commitTree(repo, {
      tree,
      parents: [base],
      message,
      author,
      committer: author,
    });
    await git.snapshots.restore(repo, sha, { path: join(world.dir, 'back'), submodules: [] });
    expect(readdirSync(world.dir)).not.toContain('outside');
  });
});
