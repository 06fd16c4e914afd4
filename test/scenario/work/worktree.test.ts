import { afterEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import { createProcesses } from '../../../src/adapters/processes.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { GIT_ENV, realGitWorld, sh } from '../../support/git-worlds.ts';
import { tempDirs } from '../../support/temp-dir.ts';
import { makeTownOn, makeWorkTown, workerOf } from './town.ts';
import type { AnyTown, WorkTown } from './town.ts';
import { provisionWorktree } from '../../../src/hooks/worktree.ts';
import { rollForwardDispatch } from '../../../src/polecat/dispatch/roll-forward.ts';

const tempDir = tempDirs();
const open: AnyTown[] = [];
afterEach(async () => {
  for (const town of open.splice(0)) await town.close();
});

async function townOnDisk(files: Readonly<Record<string, string>> = {}): Promise<AnyTown> {
  const dir = tempDir();
  const world = realGitWorld(dir);
  const remote = world.remote('proj.git', { files: { 'README.md': '# Project\n', ...files } });
  const processes = createProcesses();
  const town = await makeTownOn({
    root: `${dir}/town`,
    url: remote.url,
    clock: createFakeClock(),
    files: createFiles(),
    git: world.git,
    run: (spec) => processes.run({ ...spec, env: { ...spec.env, PATH: GIT_ENV['PATH'] ?? '' } }),
  });
  open.push(town);
  return town;
}

async function townInMemory(): Promise<WorkTown> {
  const town = await makeWorkTown();
  open.push(town);
  return town;
}

describe('P29: a fresh worktree', () => {
  test('shows git nothing of what gt put there', async () => {
    const town = await townOnDisk({ '.gitignore': 'build/\n' });
    await town.files.writeAtomic(`${town.rig.paths.overlayDir}/.env`, 'SECRET=1\n');
    await town.files.writeAtomic(`${town.rig.paths.overlayDir}/conf/odd [name]*.txt`, 'x');
    await town.files.writeAtomic(`${town.rig.paths.overlayDir}/README.md`, 'not the project’s\n');
    await town.files.writeAtomic(
      `${town.rig.paths.setupHooksDir}/10-cache`,
      '#!/bin/sh\nmkdir -p .runtime && echo "$GT_RIG_PATH" > .runtime/cache\n',
      { mode: 0o755 },
    );
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    expect(sh(worker.worktree, 'status', '--porcelain', '--untracked-files=all')).toBe('');
    const read = (file: string) => town.files.readText(`${worker.worktree}/${file}`);
    expect(await read('.env')).toBe('SECRET=1\n');
    expect(await read('conf/odd [name]*.txt')).toBe('x');
    expect(await read('README.md')).toBe('# Project\n');
    expect(await read('.runtime/cache')).toBe(`${town.rig.paths.root}\n`);
    expect(await read('.beads/redirect')).toBe('../../../.beads\n');
    expect(await read('.gitignore')).toBe('build/\n');
  });

  test('of a project that tracks .beads is left as it is', async () => {
    const town = await townOnDisk({ '.beads/issues.jsonl': '{}\n' });
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    expect(sh(worker.worktree, 'status', '--porcelain', '--ignored')).toBe('');
    expect(await town.files.readText(`${worker.worktree}/.beads/redirect`)).toBeUndefined();
  });

  test('is made although a setup hook fails, and says so', async () => {
    const town = await townOnDisk();
    await town.files.writeAtomic(
      `${town.rig.paths.setupHooksDir}/10-bad`,
      '#!/bin/sh\necho no >&2\nexit 3\n',
      { mode: 0o755 },
    );
    await town.files.writeAtomic(`${town.rig.paths.setupHooksDir}/20-note`, 'not a program', { mode: 0o644 });
    const bead = await town.create();
    const [result] = await town.sling([bead.id]);
    expect(result).toMatchObject({
      kind: 'dispatched',
      done: { worktree: { warnings: ['setup hook 10-bad failed (exit 3): no'] } },
    });
  });
});

describe('a worktree of an earlier bead', () => {
  test('is used again, on a new branch at the newest base', async () => {
    const town = await townInMemory();
    const first = await town.create();
    const worker = await town.dispatch(first.id);
    await worker.begin();
    await worker.write('one.md', 'one');
    worker.commit();
    await worker.done();
    town.panes.exit(worker.session, { code: 0 });
    const tip = town.remote.commit('main', { 'two.md': 'two' });
    const second = await town.create();
    const next = await town.dispatch(second.id);
    expect(next).toMatchObject({ name: 'furiosa', worktree: worker.worktree, spawn: 2 });
    expect(await town.git.worktrees.status(next.worktree)).toMatchObject({
      branch: next.branch,
      head: tip,
      untracked: [],
    });
    expect(await town.files.readText(`${next.worktree}/one.md`)).toBeUndefined();
    expect(await town.git.objects.resolve(town.rig.paths.bare, `refs/heads/${worker.branch}`)).toBeDefined();
  });

  test('P2: is not reset when the agent at work in it is started again', async () => {
    const town = await townInMemory();
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await worker.write('draft.md', 'half');
    town.panes.killHost(worker.session);
    await town.clock.drive(rollForwardDispatch(town.ctx, town.rig, await town.bead(bead.id)));
    expect(await town.files.readText(`${worker.worktree}/draft.md`)).toBe('half');
    expect(await town.rescues()).toEqual([]);
  });

  test('that somebody filled with other files is moved out of the way, whole', async () => {
    const town = await townInMemory();
    await town.files.writeAtomic('/town/proj/polecats/furiosa/proj/notes.txt', 'mine');
    const bead = await town.create();
    const [result] = await town.sling([bead.id, 'proj/furiosa']);
    expect(result?.kind).toBe('dispatched');
    const [folder] = (await town.files.list('/town/proj/.runtime/rescued')) ?? [];
    expect(await town.files.readText(`/town/proj/.runtime/rescued/${folder?.name}/notes.txt`)).toBe('mine');
  });

  test('whose creation was killed at once is made again', async () => {
    const town = await townInMemory();
    await town.files.makeDir('/town/proj/polecats/furiosa/proj');
    const bead = await town.create();
    const [result] = await town.sling([bead.id, 'proj/furiosa']);
    expect(result?.kind).toBe('dispatched');
  });

  test('is refused while another worker has the branch', async () => {
    const town = await townInMemory();
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    const { name } = await workerOf(town, 'furiosa', bead.id);
    const head = (await town.git.worktrees.status(worker.worktree)).head;
    if (head === undefined) throw new Error('no head');
    const other = await town.create();
    await town.dispatch(other.id);
    const request = { rig: town.rig, bead: other.id, dispatch: 'X', branch: worker.branch, start: head };
    await expect(
      provisionWorktree(town.ctx, { ...request, worker: (await workerOf(town, 'nux', other.id)).name }),
    ).rejects.toMatchObject({
      code: 'worktree.branch-in-use',
      message: expect.stringContaining(name) as string,
    });
  });
});
