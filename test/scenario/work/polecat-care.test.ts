import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import { parseSha, parseWorkerName } from '../../../src/core/names.ts';
import { readWorktreeState } from '../../../src/hooks/worktree-state.ts';
import { sweepBranches } from '../../../src/polecat/branches/run.ts';
import type { BranchSweep } from '../../../src/polecat/branches/plan.ts';
import { addIdentity } from '../../../src/polecat/identity/add.ts';
import { readHistory } from '../../../src/polecat/identity/history.ts';
import { removeIdentity } from '../../../src/polecat/identity/remove.ts';
import { renameIdentity } from '../../../src/polecat/identity/rename.ts';
import { polecatNamed } from '../../../src/polecat/list.ts';
import { nukePolecat } from '../../../src/polecat/nuke/run.ts';
import type { NukeWish } from '../../../src/polecat/nuke/plan.ts';
import { initPool } from '../../../src/polecat/pool-init.ts';
import { readRecovery } from '../../../src/polecat/recovery.ts';
import { readStale } from '../../../src/polecat/stale.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { realGitWorld, sh } from '../../support/git-worlds.ts';
import type { Remote } from '../../support/git-worlds.ts';
import { tempDirs } from '../../support/temp-dir.ts';
import { makeTownOn, makeWorkTown } from './town.ts';
import type { AnyTown, Worker, WorkTown } from './town.ts';

const tempDir = tempDirs();
const open: AnyTown[] = [];
afterEach(async () => {
  for (const town of open.splice(0)) await town.close();
});

async function onDisk(): Promise<{ readonly town: AnyTown; readonly remote: Remote; readonly dir: string }> {
  const dir = tempDir();
  const world = realGitWorld(dir);
  const remote = world.remote('proj.git');
  const files = createFiles();
  const root = `${dir}/town`;
  const town = await makeTownOn({ root, url: remote.url, clock: createFakeClock(), files, git: world.git });
  open.push(town);
  return { town, remote, dir };
}

async function inMemory(): Promise<WorkTown> {
  const town = await makeWorkTown();
  open.push(town);
  return town;
}

async function hire(
  town: AnyTown,
  title = 'Do something',
): Promise<{ readonly worker: Worker; readonly bead: string }> {
  const { id } = await town.create({ title });
  return { worker: await town.dispatch(id), bead: id };
}

/** A person closed the bead: the worker holds nothing, its session is gone. */
async function free(town: AnyTown, { worker, bead }: { readonly worker: Worker; readonly bead: string }) {
  await town.ledger.transaction('x', (tx) => tx.close(bead, { reason: 'closed by hand', force: true }));
  await town.panes.stop(worker.session, 0);
}

function commit(worktree: string, file: string, message = `Write ${file}`): string {
  sh(worktree, 'commit', '--quiet', '--allow-empty', '-m', message);
  return sh(worktree, 'rev-parse', 'HEAD');
}

const remove = async (town: AnyTown, name: string, wish: Partial<NukeWish> = {}) => {
  const worker = parseWorkerName(name);
  return town.clock.drive(
    nukePolecat(town.ctx, { rig: town.rig, worker, what: 'nuke', force: false, ...wish }),
  );
};
const sweep = async (town: AnyTown, kind: BranchSweep) => {
  const { steps, kept } = await sweepBranches(town.ctx, town.rig, { sweep: kind, dryRun: false });
  return [
    ...steps.map(({ do: verb, name, proof }) => `${verb} ${name}: ${proof.by}`),
    ...kept.map(({ where, name, why }) => `kept ${where} ${name}: ${why}`),
  ];
};

describe('P2: branches of polecats', () => {
  test('stay while their commits are nowhere else, and go with the proof', async () => {
    const { town, remote } = await onDisk();
    const hired = await hire(town);
    const { branch, worktree } = hired.worker;
    commit(worktree, 'a');
    await free(town, hired);
    const inUse = `kept local ${branch}: checked out in ${worktree}`;
    expect(await sweep(town, 'gc')).toEqual([inUse]);
    sh(worktree, 'checkout', '--quiet', '--detach');
    expect(await sweep(town, 'gc')).toEqual([`kept local ${branch}: it has commits that are nowhere else`]);
    sh(worktree, 'push', '--quiet', remote.url, `${branch}:${branch}`);
    expect(await sweep(town, 'prune')).toEqual([`kept local ${branch}: not landed, only on the remote`]);
    expect(await sweep(town, 'gc')).toEqual([`delete-local ${branch}: on the remote`]);
    expect(await sweep(town, 'prune-remote')).toEqual([
      `kept remote ${branch}: it has commits that are nowhere else`,
    ]);
    remote.setBranch('main', parseSha(sh(worktree, 'rev-parse', 'HEAD')));
    expect(await sweep(town, 'prune-remote')).toEqual([`delete-remote ${branch}: landed`]);
    expect(remote.head(branch)).toBeUndefined();
    expect(await sweep(town, 'prune-remote')).toEqual([]);
  });

  test('go when their patches have landed as other commits', async () => {
    const { town, remote } = await onDisk();
    const hired = await hire(town);
    const { branch, worktree } = hired.worker;
    await town.files.writeAtomic(join(worktree, 'a'), 'a\n');
    sh(worktree, 'add', 'a');
    sh(worktree, 'commit', '--quiet', '-m', 'a');
    remote.commit('main', { other: 'x' });
    remote.commit('main', { a: 'a\n' });
    await free(town, hired);
    sh(worktree, 'checkout', '--quiet', '--detach');
    expect(await sweep(town, 'prune')).toEqual([`delete-local ${branch}: landed`]);
  });

  test('stay while a bead that waits goes on from them, and others of no polecat are not looked at', async () => {
    const { town } = await onDisk();
    const hired = await hire(town);
    const { branch, worktree } = hired.worker;
    sh(worktree, 'branch', 'mine');
    commit(worktree, 'a');
    await town.panes.stop(hired.worker.session, 0);
    const { rescued, released } = await remove(town, 'furiosa', { what: 'remove', force: true });
    expect(released).toEqual([hired.bead]);
    expect(rescued).toHaveLength(1);
    expect(await sweep(town, 'gc')).toEqual([`kept local ${branch}: ${hired.bead} goes on from it`]);
    const again = await town.dispatch(hired.bead);
    expect(again.branch).toBe(branch);
    expect(sh(again.worktree, 'log', '-1', '--format=%s')).toBe('Write a');
  });

  test('nothing is judged while the remote does not answer', async () => {
    const town = await inMemory();
    await free(town, await hire(town));
    town.remote.goOffline();
    await expect(sweep(town, 'gc')).rejects.toMatchObject({ code: 'git.remote-unreachable' });
  });
});

describe('stale polecats', () => {
  test('are idle and far behind what the remote has now; with work they are not', async () => {
    const { town, remote } = await onDisk();
    const [one, two] = [await hire(town), await hire(town)];
    await free(town, one);
    await free(town, two);
    await town.files.writeAtomic(join(two.worker.worktree, 'draft'), 'x');
    for (const number of [1, 2, 3]) remote.commit('main', { x: String(number) });
    const stale = await readStale(town.ctx, town.rig, 3);
    expect(stale.map(({ view, isStale, reason }) => `${view.name} ${isStale} ${reason}`)).toEqual([
      'furiosa true idle, 3 commits behind',
      'nux false 3 commits behind, but it holds work that is nowhere else',
    ]);
    expect((await readStale(town.ctx, town.rig, 4)).map(({ isStale }) => isStale)).toEqual([false, false]);
  });
});

describe('pool-init', () => {
  test('makes idle polecats with worktrees up to the size, and a second time nothing', async () => {
    const { town } = await onDisk();
    await addIdentity(town.ctx, town.rig, 'slit');
    const report = await initPool(town.ctx, town.rig, { size: 3, dryRun: false });
    expect(report).toMatchObject({
      existing: ['slit'],
      made: [{ name: 'slit' }, { name: 'furiosa' }, { name: 'nux' }],
    });
    for (const name of ['slit', 'furiosa', 'nux'])
      expect(sh(`${town.root}/proj/polecats/${name}/proj`, 'status', '--porcelain')).toBe('');
    expect((await initPool(town.ctx, town.rig, { size: 3, dryRun: false })).made).toEqual([]);
    const { worker } = await hire(town);
    expect(worker).toMatchObject({ name: 'furiosa', spawn: 1 });
  });

  test('takes size and names from the rig, and refuses more than it may have', async () => {
    const town = await inMemory();
    const { configFile } = town.rig.paths;
    const config = JSON.parse((await town.files.readText(configFile)) ?? '{}') as object;
    await town.files.writeAtomic(
      configFile,
      JSON.stringify({ ...config, polecat_pool_size: 2, polecat_names: ['zoe'] }),
    );
    const { made } = await initPool(town.ctx, town.rig, { size: undefined, dryRun: true });
    expect(made.map(({ name }) => name)).toEqual(['zoe', 'furiosa']);
    expect(await town.row('zoe')).toBeUndefined();
    const tooMany = initPool(town.ctx, town.rig, { size: 31, dryRun: true });
    await expect(tooMany).rejects.toMatchObject({ code: 'polecat.pool-too-big' });
  });
});

describe('an identity', () => {
  test('keeps history, beads and worktree under another name', async () => {
    const { town } = await onDisk();
    const hired = await hire(town);
    await free(town, hired);
    const before = await readHistory(town.ctx, town.rig, hired.worker.name);
    expect(before).toMatchObject({ completed: 1, abandoned: 0, recent: [{ bead: hired.bead }] });
    const to = parseWorkerName('maxine');
    expect(await renameIdentity(town.ctx, town.rig, { from: 'furiosa', to })).toEqual({
      beads: 1,
      rescued: [],
    });
    expect(await readHistory(town.ctx, town.rig, to)).toEqual(before);
    expect((await town.bead(hired.bead)).assignee).toBe('proj/polecats/maxine');
    const worktree = `${town.root}/proj/polecats/maxine/proj`;
    expect(sh(worktree, 'status', '--porcelain')).toBe('');
    expect(sh(town.rig.paths.bare, 'worktree', 'list', '--porcelain')).toContain(`worktree ${worktree}\n`);
    expect(existsSync(`${town.root}/proj/polecats/furiosa`)).toBe(false);
    expect((await hire(town)).worker).toMatchObject({ name: 'maxine', spawn: 2 });
  });

  test('is refused another name while it works, and a name that is or was another’s', async () => {
    const town = await inMemory();
    await hire(town);
    await addIdentity(town.ctx, town.rig, 'slit');
    await addIdentity(town.ctx, town.rig, 'nux');
    await remove(town, 'nux');
    const rename = (from: string, to: string) =>
      renameIdentity(town.ctx, town.rig, { from, to: parseWorkerName(to) });
    await expect(rename('furiosa', 'x')).rejects.toMatchObject({ code: 'polecat.busy' });
    await expect(rename('slit', 'furiosa')).rejects.toMatchObject({ code: 'polecat.exists' });
    await expect(rename('slit', 'nux')).rejects.toMatchObject({ code: 'polecat.exists' });
    await expect(rename('slit', 'x')).resolves.toMatchObject({ beads: 0 });
  });

  test('that was removed begins anew under the same name, with a higher spawn number', async () => {
    const town = await inMemory();
    const hired = await hire(town);
    await free(town, hired);
    const view = await polecatNamed(town.ctx, town.rig, 'furiosa');
    await expect(removeIdentity(town.ctx, town.rig, { view, force: false })).rejects.toMatchObject({
      code: 'polecat.in-use',
    });
    await town.clock.drive(removeIdentity(town.ctx, town.rig, { view, force: true }));
    await town.clock.advance(5000);
    const { worker } = await hire(town);
    expect(worker).toMatchObject({ name: 'furiosa', spawn: 2 });
    expect(await readHistory(town.ctx, town.rig, worker.name)).toMatchObject({ completed: 0 });
  });
});

describe('a town of the first layout, with the worktree in polecats/<name> itself', () => {
  async function flat(): Promise<{ readonly town: AnyTown; readonly home: string }> {
    const { town } = await onDisk();
    const home = `${town.root}/proj/polecats/furiosa`;
    await addIdentity(town.ctx, town.rig, 'furiosa');
    const tip = parseSha(sh(town.rig.paths.bare, 'rev-parse', 'refs/remotes/origin/main'));
    await town.git.worktrees.add(town.rig.paths.bare, home, { commit: tip });
    await town.files.writeAtomic(join(home, 'draft.md'), 'draft\n');
    return { town, home };
  }

  test('P2: is read where it is, and refused by nuke', async () => {
    const { town } = await flat();
    const name = parseWorkerName('furiosa');
    expect(await readWorktreeState(town.ctx, town.rig, name)).toMatchObject({ changes: ['draft.md'] });
    await expect(remove(town, 'furiosa')).rejects.toMatchObject({ code: 'nuke.dirty' });
    const view = await polecatNamed(town.ctx, town.rig, 'furiosa');
    expect(await readRecovery(town.ctx, town.rig, view)).toMatchObject({ verdict: 'NEEDS_RECOVERY' });
  });

  test('P2: keeps what is in it when it is removed, and when it is used again', async () => {
    for (const act of ['remove', 'dispatch'] as const) {
      const { town, home } = await flat();
      if (act === 'remove') await remove(town, 'furiosa', { force: true });
      else expect((await town.sling([(await town.create()).id, 'proj/furiosa']))[0]?.kind).toBe('dispatched');
      const [ref = ''] = await town.rescues();
      expect(sh(town.rig.paths.bare, 'show', `${ref}:draft.md`)).toBe('draft');
      expect(existsSync(join(home, 'README.md'))).toBe(false);
      expect(existsSync(join(home, 'proj/README.md'))).toBe(act === 'dispatch');
    }
  });
});

describe('a worktree that git cannot read', () => {
  test('P2: is moved out of the way whole, and the branch’s commits are kept', async () => {
    const { town } = await onDisk();
    const { worker } = await hire(town);
    commit(worker.worktree, 'a');
    await town.files.writeAtomic(join(worker.worktree, 'draft.md'), 'draft\n');
    await town.files.writeAtomic(join(worker.worktree, '.git'), 'gitdir: /nonexistent\n');
    const view = await polecatNamed(town.ctx, town.rig, 'furiosa');
    expect(await readRecovery(town.ctx, town.rig, view)).toMatchObject({
      verdict: 'NEEDS_RECOVERY',
      cleanupStatus: 'unknown',
    });
    const { setAside, rescued } = await remove(town, 'furiosa', { force: true });
    expect(readFileSync(join(setAside ?? '', 'draft.md'), 'utf8')).toBe('draft\n');
    expect(rescued).toHaveLength(1);
    expect(sh(town.rig.paths.bare, 'log', '-1', '--format=%s', `${rescued[0] ?? ''}^1`)).toBe('Write a');
  });
});

describe('what operators set on a rig', () => {
  const wisp = (town: AnyTown, values: object, blocked: readonly string[] = []) =>
    town.files.writeAtomic(
      `${town.root}/.beads-wisp/config/proj.json`,
      JSON.stringify({ rig: 'proj', values, blocked }),
    );

  test('max_polecats: more wait', async () => {
    const town = await inMemory();
    await wisp(town, { max_polecats: 1 });
    await hire(town);
    const [result] = await town.sling([(await town.create()).id]);
    expect(result).toMatchObject({ kind: 'queued', why: '1 of 1 slots of this rig busy' });
    await wisp(town, { max_polecats: 1 }, ['max_polecats']);
    expect((await town.sling([(await town.create()).id]))[0]?.kind).toBe('dispatched');
  });

  test('polecat_branch_template: branches are called by it, and never twice', async () => {
    const town = await inMemory();
    await wisp(town, { polecat_branch_template: 'agents/{issue}-{description}' });
    const { worker, bead } = await hire(town, 'Fix: the $(login) page');
    expect(worker.branch).toBe(`agents/${bead}-fix-the-login-page`);
    await town.panes.stop(worker.session, 0);
    await remove(town, worker.name, { what: 'remove', force: true });
    const other = await town.create({ title: 'x' });
    await wisp(town, { polecat_branch_template: worker.branch });
    expect((await town.dispatch(other.id)).branch).toMatch(new RegExp(`^${worker.branch}-[0-9a-z]+$`));
    await wisp(town, { polecat_branch_template: '..' });
    const third = await town.create({ title: 'y' });
    expect((await town.dispatch(third.id)).branch).toMatch(/^polecat\//);
  });

  test('30 folders are the most a rig has, also for a polecat that is named', async () => {
    const town = await inMemory();
    for (let number = 100; number < 130; number += 1)
      await town.files.makeDir(`${town.root}/proj/polecats/w${number}`);
    await addIdentity(town.ctx, town.rig, 'newcomer');
    for (const words of [['proj'], ['proj/newcomer']]) {
      const [result] = await town.sling([(await town.create()).id, ...words]);
      expect(result).toMatchObject({ kind: 'queued', why: 'all 30 polecat folders are in use' });
    }
  });
});
