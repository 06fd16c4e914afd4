import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { GIT_ENV, realGitWorld, sh } from '../../support/git-worlds.ts';
import type { Remote } from '../../support/git-worlds.ts';
import { tempDirs } from '../../support/temp-dir.ts';
import { makeTownOn } from './town.ts';
import type { AnyTown, Worker } from './town.ts';

const tempDir = tempDirs();
let dir: string;
let town: AnyTown;
let remote: Remote;
let worker: Worker;

beforeEach(async () => {
  dir = tempDir();
  const world = realGitWorld(dir);
  remote = world.remote('proj.git', { files: { 'README.md': '# Project\n' } });
  const files = createFiles();
  const clock = createFakeClock();
  town = await makeTownOn({ root: `${dir}/town`, url: remote.url, clock, files, git: world.git });
  worker = await hire();
});
afterEach(() => town.close());

/** A worker with one commit. */
async function hire(): Promise<Worker> {
  const { id } = await town.create();
  const made = await town.dispatch(id);
  await made.begin();
  commitIn(made.worktree, `${made.name}.md`);
  return made;
}

function commitIn(folder: string, file: string): void {
  writeFileSync(join(folder, file), file);
  sh(folder, 'add', '-A');
  sh(folder, 'commit', '-q', '-m', file);
}

interface Env {
  readonly [name: string]: string;
}

/** Somebody types git in `folder`. */
function git(folder: string, args: readonly string[], env: Env = {}) {
  const { status, stderr, stdout } = spawnSync('git', args, {
    cwd: folder,
    env: { ...GIT_ENV, GIT_CONFIG_GLOBAL: join(dir, 'gitconfig'), ...env },
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

const asPolecat = { GT_ROLE: 'proj/polecats/furiosa' };
const push = (args: readonly string[], env: Env = asPolecat) => git(worker.worktree, ['push', ...args], env);

function program(path: string, body: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

describe('P26: a polecat that calls git itself', () => {
  test('pushes its own branch', () => {
    expect(push(['origin', 'HEAD'])).toMatchObject({ status: 0 });
    expect(remote.head(worker.branch)).toBe(sh(worker.worktree, 'rev-parse', 'HEAD'));
    expect(push(['origin', `HEAD:refs/heads/polecat/furiosa/second`])).toMatchObject({ status: 0 });
  });

  test('does not push anything else', () => {
    push(['origin', 'HEAD']);
    const before = sh(dir, 'ls-remote', remote.url);
    for (const [what, refspec] of Object.entries({
      'the default branch': 'HEAD:main',
      'the default branch, by force': '+HEAD:main',
      'a branch of its own making': 'HEAD:feature',
      'a tag': 'HEAD:refs/tags/v1',
      'the branch of another': 'HEAD:refs/heads/polecat/slit/pj-x@1',
      'nothing, onto its own': `:${worker.branch}`,
      'what a date names': 'HEAD@{0 seconds ago}:refs/heads/feature',
    })) {
      const { status, said } = push(['origin', refspec]);
      expect(status, what).toBe(1);
      expect(said, what).toContain('not yours to push');
      expect(said).not.toMatch(/no-verify|hook/i);
    }
    expect(sh(dir, 'ls-remote', remote.url)).toBe(before);
  });

  test('is known by its worktree too, and elsewhere by its name', () => {
    expect(push(['origin', 'HEAD:main'], {})).toMatchObject({ status: 1 });
    expect(git(town.rig.paths.bare, ['push', 'origin', `${worker.branch}:main`], asPolecat)).toMatchObject({
      status: 1,
    });
    const stranger = { GT_ROLE: 'other/polecats/furiosa' };
    expect(push(['origin', 'HEAD'], stranger)).toMatchObject({ status: 1 });
  });

  test('of several branches in one push none arrives when one is not its own', () => {
    expect(push(['origin', 'HEAD', 'HEAD:main'])).toMatchObject({ status: 1 });
    expect(remote.head(worker.branch)).toBeUndefined();
  });

  test('is guarded also after a tool has set the hooks folder to its own', () => {
    program(join(worker.worktree, '.husky/_/pre-push'), 'echo husky >&2; cat > "$OUT"');
    sh(worker.worktree, 'config', 'core.hooksPath', '.husky/_');
    const out = join(dir, 'out');
    expect(push(['origin', 'HEAD:main'], { ...asPolecat, OUT: out })).toMatchObject({ status: 1 });
    expect(push(['origin', 'HEAD'], { ...asPolecat, OUT: out })).toMatchObject({
      status: 0,
      said: expect.stringContaining('husky') as string,
    });
    expect(readFileSync(out, 'utf8')).toMatch(new RegExp(`^HEAD \\w+ refs/heads/${worker.branch} 0+\n$`));
  });
});

describe('others push as they always did', () => {
  test('the town itself, from the same repository', async () => {
    expect(git(town.rig.paths.bare, ['push', 'origin', `${worker.branch}:main`])).toMatchObject({
      status: 0,
    });
  });

  test('crew in a clone of their own, and in a worktree of the rig’s repository', () => {
    sh(dir, 'clone', '-q', remote.url, 'crew');
    commitIn(join(dir, 'crew'), 'x.md');
    const asCrew = { GT_ROLE: 'proj/crew/ann' };
    expect(git(join(dir, 'crew'), ['push', 'origin', 'HEAD:main'], asCrew)).toMatchObject({ status: 0 });
    sh(town.rig.paths.bare, 'worktree', 'add', '-q', '-b', 'ann', join(dir, 'cross'), worker.branch);
    expect(git(join(dir, 'cross'), ['push', 'origin', 'HEAD:refs/heads/ann'], asCrew)).toMatchObject({
      status: 0,
    });
  });

  test('gt done by a polecat, whatever lies in its worktree', async () => {
    program(join(worker.worktree, '.githooks/pre-push'), 'exit 1');
    commitIn(worker.worktree, 'more.md');
    const { head } = await worker.done();
    expect(remote.head(worker.branch)).toBe(head);
  });
});

describe('the project’s own hooks run as without gt', () => {
  const record = 'printf "%s|" "$@" > "$OUT.args"; cat > "$OUT"; exit 7';
  const places: Readonly<Record<string, () => string>> = {
    'of the repository': () => join(town.rig.paths.bare, 'hooks/pre-push'),
    'of a folder that the user has named': () => {
      writeFileSync(join(dir, 'gitconfig'), `[core]\n\thooksPath = ${join(dir, 'mine')}\n`);
      return join(dir, 'mine/pre-push');
    },
    'of a folder that the repository names': () => {
      sh(worker.worktree, 'config', 'core.hooksPath', 'tools/hooks');
      return join(worker.worktree, 'tools/hooks/pre-push');
    },
    'of .githooks': () => join(worker.worktree, '.githooks/pre-push'),
  };

  test.each(Object.keys(places))('%s: same arguments, same input, same end', (place) => {
    program(places[place]?.() ?? '', record);
    const out = join(dir, 'out');
    expect(push(['origin', 'HEAD'], { ...asPolecat, OUT: out })).toMatchObject({ status: 1 });
    expect(remote.head(worker.branch)).toBeUndefined();
    const head = sh(worker.worktree, 'rev-parse', 'HEAD');
    expect(readFileSync(out, 'utf8')).toBe(`HEAD ${head} refs/heads/${worker.branch} ${'0'.repeat(40)}\n`);
    expect(readFileSync(`${out}.args`, 'utf8')).toBe(`origin|${remote.url}|`);
  });

  test('a push that is not the polecat’s own never reaches them', () => {
    program(join(town.rig.paths.bare, 'hooks/pre-push'), 'touch "$OUT"');
    const out = join(dir, 'out');
    expect(push(['origin', 'HEAD:main'], { ...asPolecat, OUT: out })).toMatchObject({ status: 1 });
    expect(() => readFileSync(out)).toThrow(/ENOENT/);
  });

  test('those before and after a commit as well', () => {
    program(join(town.rig.paths.bare, 'hooks/commit-msg'), 'echo "Checked: yes" >> "$1"');
    program(join(town.rig.paths.bare, 'hooks/pre-commit'), 'test ! -e forbidden.md');
    commitIn(worker.worktree, 'fine.md');
    expect(sh(worker.worktree, 'log', '-1', '--format=%B')).toContain('Checked: yes');
    expect(() => {
      commitIn(worker.worktree, 'forbidden.md');
    }).toThrow(/commit/);
  });

  test('Git LFS, which finds its place taken, uploads all the same', () => {
    mkdirSync(join(town.rig.paths.bare, 'lfs'));
    program(join(dir, 'bin/git-lfs'), 'echo "$@" > "$OUT"; cat >> "$OUT"');
    const PATH = `${join(dir, 'bin')}:${GIT_ENV['PATH'] ?? ''}`;
    const out = join(dir, 'out');
    expect(push(['origin', 'HEAD'], { ...asPolecat, PATH, OUT: out })).toMatchObject({ status: 0 });
    expect(readFileSync(out, 'utf8')).toMatch(/^pre-push origin .*\nHEAD \w+ refs/);
  });
});

test('P29: git shows nothing of the hooks, and the next worker finds them whole', async () => {
  expect(sh(worker.worktree, 'status', '--porcelain', '--untracked-files=all')).toBe('');
  await town.files.remove(join(town.rig.paths.runtimeDir, 'git-hooks'));
  expect(git(worker.worktree, ['status'])).toMatchObject({ status: 0 });
  const second = await hire();
  expect(git(second.worktree, ['push', 'origin', 'HEAD:main'])).toMatchObject({ status: 1 });
  expect(git(second.worktree, ['push', 'origin', 'HEAD'])).toMatchObject({ status: 0 });
});

describe('an integration branch', () => {
  const asRefinery = { GT_ROLE: 'proj/refinery' };
  const land = (env: Env = asRefinery, refspec = 'HEAD:main') => push(['origin', refspec], env);
  const gather = () => push(['origin', 'HEAD:integration/checkout'], asRefinery);

  test('does not reach the default branch by a push of something that stands on it', () => {
    expect(gather()).toMatchObject({ status: 0 });
    commitIn(worker.worktree, 'more.md');
    const before = remote.head('main');
    const { status, said } = land();
    expect(status).toBe(1);
    expect(said).toContain(`this would land 'integration/checkout'`);
    expect(said).toContain('gt mq integration land');
    expect(remote.head('main')).toBe(before);
    expect(land({ ...asRefinery, GT_INTEGRATION_LAND: '1' })).toMatchObject({ status: 0 });
    // It is there now: nothing new would come with the next one.
    commitIn(worker.worktree, 'after.md');
    expect(land()).toMatchObject({ status: 0 });
  });

  test('that is gone from the remote, whatever is known of it here, holds nobody back', () => {
    gather();
    push(['origin', ':integration/checkout'], asRefinery);
    sh(worker.worktree, 'update-ref', 'refs/remotes/origin/integration/checkout', 'HEAD');
    expect(land()).toMatchObject({ status: 0 });
  });

  test('holds back nothing that does not contain it, and no other branch', () => {
    gather();
    expect(push(['origin', 'HEAD:feature'], asRefinery)).toMatchObject({ status: 0 });
    sh(worker.worktree, 'checkout', '-q', '--detach', 'HEAD~');
    commitIn(worker.worktree, 'other.md');
    expect(land()).toMatchObject({ status: 0 });
  });

  test('cannot be looked for where the remote does not answer: then nothing lands', () => {
    const head = sh(worker.worktree, 'rev-parse', 'HEAD');
    const hook = join(dir, 'town/proj/.runtime/git-hooks/pre-push');
    const { status, stderr } = spawnSync(hook, ['origin', join(dir, 'no-such-remote')], {
      cwd: worker.worktree,
      env: { ...GIT_ENV, ...asRefinery },
      input: `HEAD ${head} refs/heads/main ${sh(worker.worktree, 'rev-parse', 'HEAD~')}\n`,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('does not say which integration branches');
  });
});
