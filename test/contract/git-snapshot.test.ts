import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sha } from '../../src/core/names.ts';
import type { Git } from '../../src/ports/git.ts';
import { GIT_ENV, realGitWorld, sh } from '../support/git-worlds.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { conflictingCommit, eachWorktree, proofOf } from './git-worktree-fixture.ts';
import type { WorktreeFixture } from './git-worktree-fixture.ts';

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
    const sha = await git.worktrees.snapshot(path, 'Rescue');
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
