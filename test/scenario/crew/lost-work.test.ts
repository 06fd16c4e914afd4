import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import { OVERSEER } from '../../../src/core/address.ts';
import { parseRigName, parseWorkerName } from '../../../src/core/names.ts';
import { addCrew } from '../../../src/crew/add.ts';
import { crewPlace } from '../../../src/rig/crew-place.ts';
import type { CrewPlace } from '../../../src/rig/crew-place.ts';
import { removeCrew } from '../../../src/crew/remove.ts';
import { renameCrew } from '../../../src/crew/rename.ts';
import { removeWorktree } from '../../../src/crew/worktree-remove.ts';
import { addWorktree, findWorktree, listWorktrees } from '../../../src/crew/worktree.ts';
import { findKept, listKept, rescueHomes } from '../../../src/hooks/rescue-list.ts';
import { restoreKept } from '../../../src/hooks/rescue-restore.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { realGitWorld, sh } from '../../support/git-worlds.ts';
import type { GitUnderTest, Remote, User } from '../../support/git-worlds.ts';
import { tempDirs } from '../../support/temp-dir.ts';
import { makeTownOn } from '../work/town.ts';
import type { AnyTown } from '../work/town.ts';

/* A person's clone with the git program: whatever only it holds can be read back after it was removed. */

const tempDir = tempDirs();
const PRECIOUS = 'precious bytes\n';

let town: AnyTown;
let remote: Remote;
let ann: CrewPlace;
let user: User;

beforeEach(async () => {
  const dir = tempDir();
  const world: GitUnderTest = realGitWorld(dir);
  remote = world.remote('proj.git');
  const ground = { root: `${dir}/town`, url: remote.url, clock: createFakeClock() };
  town = await makeTownOn({ ...ground, files: createFiles(), git: world.git });
  ann = crewPlace(town.rig, parseWorkerName('ann'));
  await town.clock.drive(addCrew(town.ctx, ann, { branch: 'default' }));
  user = world.user(ann.path);
});
afterEach(() => town.close());

const remove = (force: boolean) =>
  town.clock.drive(removeCrew(town.ctx, ann, { force, purge: false, dryRun: false }));

/** Ways in which a clone can hold what is nowhere else. */
const STATES: Readonly<Record<string, () => void>> = {
  untracked: () => user.write('new.md', PRECIOUS),
  modified: () => user.write('README.md', PRECIOUS),
  'staged, then changed again': () => {
    user.write('staged.md', PRECIOUS);
    user.stage('staged.md');
    user.write('staged.md', 'something else\n');
  },
  'a commit on main': () => commit('done.md'),
  'a commit on another branch': () => {
    git('checkout', '-q', '-b', 'topic');
    commit('done.md');
    git('checkout', '-q', 'main');
  },
  'a commit on a detached HEAD': () => {
    git('checkout', '-q', '--detach');
    commit('done.md');
  },
  'a commit that was on a remote branch, which is gone': () => {
    commit('done.md');
    git('push', '-q', 'origin', 'HEAD:gone');
    git('fetch', '-q');
    git('reset', '-q', '--hard', 'HEAD~1');
    git('branch', '-q', 'kept', 'origin/gone');
    remote.setBranch('gone', undefined);
  },
  'a stash of another branch': () => {
    git('checkout', '-q', '-b', 'topic');
    user.write('README.md', PRECIOUS);
    user.stash();
    git('checkout', '-q', 'main');
    git('branch', '-q', '-D', 'topic');
  },
  'a rebase under way': () => {
    user.write('README.md', PRECIOUS);
    user.commitEverything('Conflicting work');
    remote.commit('main', { 'README.md': '# Other\n' });
    git('fetch', '-q');
    try {
      git('rebase', '-q', 'origin/main');
    } catch {
      return;
    }
    throw new Error('no conflict');
  },
  'a clone inside': () => user.clone('inner', { 'deep.md': PRECIOUS }),
};

describe.each(Object.keys(STATES))('P2: a clone with %s', (state) => {
  test('is not removed; with --force its bytes come back with the command that is printed', async () => {
    STATES[state]?.();
    const before = await town.git.worktrees.status(ann.path);
    await expect(remove(false)).rejects.toMatchObject({
      code: expect.stringMatching(/^crew\.(?:dirty|unpushed)$/) as string,
    });
    expect(await town.git.worktrees.status(ann.path)).toEqual(before);
    const { readBack } = await remove(true);
    expect(existsSync(ann.path)).toBe(false);
    const kept: string[] = [];
    for (const command of readBack) kept.push(...(await everythingIn(command)));
    expect(kept).toContain(PRECIOUS);
  });
});

/** What a person gets back who types the command: files, what was staged or stashed, every commit. */
async function everythingIn(command: string): Promise<readonly string[]> {
  const name = command.replace('gt rescue restore ', '');
  const work = await findKept(town.ctx, name);
  const path = `${town.root}/back-${name.replaceAll('/', '-')}`;
  await restoreKept(town.ctx, { work, target: { kind: 'folder', path } });
  const commits = sh(path, 'rev-list', '--max-count=20', work.commit).split('\n');
  const blobs = commits.flatMap((sha) =>
    sh(path, 'ls-tree', '-r', '--format=%(objectname)', sha).split('\n').filter(Boolean),
  );
  return [...new Set(blobs)].map((blob) => `${sh(path, 'cat-file', 'blob', blob)}\n`);
}

test('a tag that is nowhere else does not hold it back, and is kept', async () => {
  commit('done.md');
  git('tag', 'v1');
  git('reset', '-q', '--hard', 'HEAD~1');
  const { readBack } = await remove(false);
  expect(readBack).toHaveLength(1);
  expect(await everythingIn(readBack[0] ?? '')).toContain(PRECIOUS);
});

test('what is on the remote needs no rescue, also when others have pushed since and nobody has fetched', async () => {
  commit('done.md');
  git('push', '-q', 'origin', 'HEAD:main');
  remote.commit('main', { 'later.md': 'later\n' });
  expect(await remove(false)).toMatchObject({ rescued: [], setAside: undefined });
  expect(await listKept(town.ctx, await rescueHomes(town.ctx))).toEqual([]);
});

test('with the remote out of reach nothing is proved, so it stays', async () => {
  await town.git.remotes.setUrls(town.rig.paths.bare, 'origin', { fetch: `${town.root}/no-such.git` });
  await expect(remove(false)).rejects.toMatchObject({ code: 'crew.unpushed' });
});

test('a pre-push hook of the project has no say in a rescue', async () => {
  commit('done.md');
  mkdirSync(`${ann.path}/.git/hooks`, { recursive: true });
  writeFileSync(`${ann.path}/.git/hooks/pre-push`, '#!/bin/sh\nexit 1\n');
  chmodSync(`${ann.path}/.git/hooks/pre-push`, 0o755);
  const { readBack } = await remove(true);
  expect(await everythingIn(readBack[0] ?? '')).toContain(PRECIOUS);
});

test('a worktree that a person made of the clone keeps it, forced or not, and keeps its name', async () => {
  git('worktree', 'add', '-q', '-b', 'side', `${town.root}/side`);
  await expect(remove(true)).rejects.toMatchObject({ code: 'crew.has-worktrees' });
  const eve = crewPlace(town.rig, parseWorkerName('eve'));
  await expect(town.clock.drive(renameCrew(town.ctx, ann, eve))).rejects.toMatchObject({
    code: 'crew.has-worktrees',
  });
});

test('a renamed clone is a whole clone', async () => {
  user.write('README.md', PRECIOUS);
  const eve = crewPlace(town.rig, parseWorkerName('eve'));
  await town.clock.drive(renameCrew(town.ctx, ann, eve));
  expect(await town.git.worktrees.status(eve.path)).toMatchObject({ branch: 'main', changed: ['README.md'] });
});

describe('a worktree in another rig', () => {
  const own = { role: 'crew', rig: 'other', name: 'joe' };
  const joe = (): CrewPlace['address'] => ({
    role: 'crew',
    rig: parseRigName('other'),
    name: parseWorkerName('joe'),
  });

  test('is at the default branch, follows it, is its owner’s, and git shows nothing of ours', async () => {
    const { place, made } = await town.clock.drive(addWorktree(town.ctx, joe(), town.rig));
    expect(made).toBe(true);
    expect(place.path).toBe(`${town.rig.paths.crewDir}/other-joe`);
    expect(sh(place.path, 'status', '--porcelain', '--branch')).toBe('## crew/other-joe...origin/main');
    expect(JSON.parse(readFileSync(`${place.path}/.gt-agent`, 'utf8'))).toEqual(own);
    expect((await town.clock.drive(addWorktree(town.ctx, joe(), town.rig))).made).toBe(false);
    expect((await listWorktrees(town.ctx, joe())).map(({ path }) => path)).toEqual([place.path]);
    expect(await listWorktrees(town.ctx, { role: 'crew', rig: town.rig.name, name: ann.name })).toEqual([]);
    expect(await listWorktrees(town.ctx, OVERSEER)).toHaveLength(1);
  });

  test('P2: is not removed with work in it; with --force the work is kept', async () => {
    const { place } = await town.clock.drive(addWorktree(town.ctx, joe(), town.rig));
    const rm = (force: boolean) => town.clock.drive(removeWorktree(town.ctx, place, { force }));
    writeFileSync(`${place.path}/new.md`, PRECIOUS);
    await expect(rm(false)).rejects.toMatchObject({ code: 'worktree.unsaved' });
    sh(place.path, 'add', '--all');
    sh(place.path, 'commit', '-q', '-m', 'local');
    await expect(rm(false)).rejects.toMatchObject({ code: 'worktree.unsaved' });
    const { readBack } = await rm(true);
    expect(await everythingIn(readBack[0] ?? '')).toContain(PRECIOUS);
    await expect(findWorktree(town.ctx, joe(), town.rig)).rejects.toMatchObject({
      code: 'worktree.not-found',
    });
    expect(sh(town.rig.paths.bare, 'for-each-ref', 'refs/heads')).toBe('');
  });
});

function git(...args: readonly string[]): void {
  sh(ann.path, ...args);
}

function commit(file: string): void {
  user.write(file, PRECIOUS);
  user.commitEverything('Local work');
}
