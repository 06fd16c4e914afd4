import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import { parseWorkerName } from '../../../src/core/names.ts';
import { findKept, listKept, rescueHomes } from '../../../src/hooks/rescue-list.ts';
import { parseTarget, restoreKept } from '../../../src/hooks/rescue-restore.ts';
import { nukePolecat } from '../../../src/polecat/nuke/run.ts';
import { unregisterRig } from '../../../src/rig/register.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { realGitWorld, sh } from '../../support/git-worlds.ts';
import { tempDirs } from '../../support/temp-dir.ts';
import { makeTownOn, makeWorkTown } from './town.ts';
import type { AnyTown, Worker } from './town.ts';

const tempDir = tempDirs();
const open: AnyTown[] = [];
afterEach(async () => {
  for (const town of open.splice(0)) await town.close();
});

/** A town whose project has a submodule, on the git program. */
async function townOnDisk(): Promise<AnyTown> {
  const dir = tempDir();
  const world = realGitWorld(dir);
  const library = world.remote('lib.git', { files: { lib: 'one\n' } });
  const remote = world.remote('proj.git', { files: { 'README.md': '# Project\n' } });
  const desk = join(dir, 'desk');
  sh(dir, 'clone', '--quiet', remote.url, desk);
  sh(desk, 'submodule', '--quiet', 'add', library.url, 'vendor/lib');
  sh(desk, 'commit', '--quiet', '-m', 'Vendor the library');
  sh(desk, 'push', '--quiet', 'origin', 'main');
  const files = createFiles();
  const root = `${dir}/town`;
  const town = await makeTownOn({ root, url: remote.url, clock: createFakeClock(), files, git: world.git });
  open.push(town);
  return town;
}

async function hire(town: AnyTown): Promise<{ readonly worker: Worker; readonly bead: string }> {
  const { id } = await town.create();
  return { worker: await town.dispatch(id), bead: id };
}

async function nuke(town: AnyTown, name: string): Promise<readonly string[]> {
  return (
    await town.clock.drive(
      nukePolecat(town.ctx, { rig: town.rig, worker: parseWorkerName(name), what: 'nuke', force: true }),
    )
  ).rescued;
}

async function restore(town: AnyTown, to: string | undefined) {
  const work = await findKept(town.ctx, 'proj/furiosa');
  const target = parseTarget(work, to, { cwd: town.root, home: '/home' });
  return restoreKept(town.ctx, { work, target });
}

describe('kept work', () => {
  test('is listed with its polecat, bead, branch and what it holds', async () => {
    const town = await makeWorkTown();
    open.push(town);
    const { worker, bead } = await hire(town);
    await worker.write('done.md', 'done');
    worker.commit();
    await worker.write('draft.md', 'draft');
    const [ref] = await nuke(town, worker.name);
    const kept = await listKept(town.ctx, await rescueHomes(town.ctx));
    expect(kept).toMatchObject([
      {
        name: { ref, rig: 'proj', label: 'furiosa' },
        at: town.clock.now(),
        about: { bead, branch: worker.branch },
        commits: 1,
        files: [
          { path: 'done.md', change: 'A' },
          { path: 'draft.md', change: 'A' },
        ],
      },
    ]);
  });

  test('comes back with the submodule: its commits, staged content and changes', async () => {
    const town = await townOnDisk();
    const { worker } = await hire(town);
    const inner = join(worker.worktree, 'vendor/lib');
    for (const text of ['committed\n', 'staged\n', 'on disk\n']) {
      await town.files.writeAtomic(join(inner, 'lib'), text);
      if (text !== 'on disk\n') sh(inner, 'add', 'lib');
      if (text === 'committed\n') sh(inner, 'commit', '--quiet', '-m', 'inside');
    }
    const before = sh(inner, 'status', '--porcelain=v2', '--branch');
    expect(await nuke(town, worker.name)).toHaveLength(1);
    const { notes } = await restore(town, './back');
    const back = join(town.root, 'back/vendor/lib');
    expect(sh(back, 'status', '--porcelain=v2', '--branch')).toBe(before);
    expect(sh(back, 'show', 'HEAD:lib')).toBe('committed');
    expect(sh(back, 'show', ':lib')).toBe('staged');
    expect(readFileSync(join(back, 'lib'), 'utf8')).toBe('on disk\n');
    expect(notes).toEqual([]);
  });

  test('comes back as files with plain git alone', async () => {
    const town = await townOnDisk();
    const { worker } = await hire(town);
    await town.files.writeAtomic(join(worker.worktree, 'deep/new file.md'), 'precious\n');
    const [ref = ''] = await nuke(town, worker.name);
    const args = [
      '-C',
      town.rig.paths.bare,
      'worktree',
      'add',
      '--quiet',
      '--detach',
      `${town.root}/by-hand`,
      ref,
    ];
    execFileSync('git', args, { env: { PATH: process.env['PATH'] ?? '' } });
    expect(readFileSync(join(town.root, 'by-hand/deep/new file.md'), 'utf8')).toBe('precious\n');
  });

  test('becomes a branch that can be handed in; the rescue stays', async () => {
    const town = await townOnDisk();
    const { worker, bead } = await hire(town);
    await town.files.writeAtomic(join(worker.worktree, 'draft.md'), 'draft\n');
    sh(worker.worktree, 'stash', '--quiet', '--include-untracked');
    await town.files.writeAtomic(join(worker.worktree, 'more.md'), 'more\n');
    await nuke(town, worker.name);
    const { step } = await restore(town, 'kept/furiosa');
    expect(step).toMatchObject({ do: 'make-branch', leaves: ['1 stash entry'] });
    const log = sh(town.rig.paths.bare, 'log', '--format=%s|%b', '-1', 'kept/furiosa');
    expect(log.trimEnd()).toBe(
      `Kept work of proj/furiosa|Left on ${worker.branch}, never committed.\n\nGt-Issue: ${bead}`,
    );
    expect(sh(town.rig.paths.bare, 'rev-list', '--count', 'origin/main..kept/furiosa')).toBe('1');
    expect(sh(town.rig.paths.bare, 'show', 'kept/furiosa:more.md')).toBe('more');
    expect(await listKept(town.ctx, [town.rig])).toHaveLength(1);
  });

  test('P2: is never written over something that is there', async () => {
    const town = await townOnDisk();
    const { worker } = await hire(town);
    await town.files.writeAtomic(join(worker.worktree, 'draft.md'), 'draft\n');
    await nuke(town, worker.name);
    await town.files.writeAtomic(join(town.root, 'mine/x'), 'x');
    sh(town.rig.paths.bare, 'branch', 'mine', 'origin/main');
    for (const to of ['./mine', 'mine']) {
      await expect(restore(town, to)).rejects.toMatchObject({ code: 'rescue.target-taken' });
    }
    await restore(town, undefined);
    await expect(restore(town, undefined)).rejects.toMatchObject({ code: 'rescue.target-taken' });
  });

  test('of a rig that was taken out of the town is still found', async () => {
    const town = await townOnDisk();
    const { worker } = await hire(town);
    await town.files.writeAtomic(join(worker.worktree, 'draft.md'), 'draft\n');
    await nuke(town, worker.name);
    await unregisterRig(town.ctx, town.rig);
    await restore(town, './back');
    expect(readFileSync(join(town.root, 'back/draft.md'), 'utf8')).toBe('draft\n');
  });

  test.each([
    ['/abs/x', { kind: 'folder', path: '/abs/x' }],
    ['./x', { kind: 'folder', path: '/town/x' }],
    ['../x', { kind: 'folder', path: '/x' }],
    ['~/x', { kind: 'folder', path: '/home/x' }],
    ['x/y', { kind: 'branch', name: 'x/y' }],
  ])('asked back into %s', async (text, target) => {
    const town = await makeWorkTown();
    open.push(town);
    const { worker } = await hire(town);
    await worker.write('x', 'x');
    await nuke(town, worker.name);
    const work = await findKept(town.ctx, 'proj/furiosa');
    expect(parseTarget(work, text, { cwd: '/town', home: '/home' })).toEqual(target);
    for (const bad of ['-x', 'a b', 'x..y', ''])
      expect(() => parseTarget(work, bad, { cwd: '/town', home: '/home' })).toThrow(/neither a folder nor/);
  });
});
