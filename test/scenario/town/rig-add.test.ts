import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExternalError } from '../../../src/core/errors.ts';
import { parseRigName } from '../../../src/core/names.ts';
import type { TownPorts } from '../../../src/ports/index.ts';
import { addRig } from '../../../src/rig/add.ts';
import type { AddRequest } from '../../../src/rig/add-plan.ts';
import { unregisterRig } from '../../../src/rig/register.ts';
import { readRigs, rigNamed, rigOfId } from '../../../src/rig/registry.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import { parseSource } from '../../../src/rig/source.ts';
import { readRoutes } from '../../../src/town/routes.ts';
import { createFaults } from '../../fakes/faults.ts';
import { ROOT, makeMachine } from './fake-town.ts';
import type { FakeMachine } from './fake-town.ts';

const URL = 'https://example.test/shop.git';

let machine: FakeMachine;
beforeEach(async () => {
  machine = makeMachine();
  await machine.install();
});
afterEach(() => machine.close());

function add(own: FakeMachine, given: Partial<AddRequest> = {}, ports?: Partial<TownPorts>): Promise<Rig> {
  const request = { name: parseRigName('shop'), source: parseSource(URL, '/'), mirror: false, ...given };
  return own.clock.drive(addRig(own.context(ports), request));
}

/** Everything below the town but what any command may touch: locks, events. */
async function tree(own: FakeMachine): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (dir: string): Promise<void> => {
    for (const { name, kind } of (await own.files.list(dir)) ?? []) {
      const path = `${dir}/${name}`;
      if (path === `${ROOT}/.events.jsonl` || path === `${ROOT}/.runtime/adding`) continue;
      found.push(kind === 'file' ? `${path} ${await own.files.readText(path)}` : path);
      if (kind === 'dir') await walk(path);
    }
  };
  await walk(ROOT);
  return found;
}

describe('P30: the default branch is what the remote says', () => {
  test.each(['main', 'master', 'trunk', 'release/1.x'])('%s', async (branch) => {
    machine.git.createRemote(URL, { branch });
    const rig = await add(machine);
    expect(rig.defaultBranch).toBe(branch);
    expect(await machine.git.worktrees.status(`${ROOT}/shop/mayor/rig`)).toMatchObject({ branch });
    expect(await machine.git.worktrees.status(`${ROOT}/shop/refinery/rig`)).toMatchObject({
      branch: undefined,
    });
  });

  test('--branch wins, and must exist', async () => {
    const remote = machine.git.createRemote(URL);
    remote.setBranch('next', remote.head('main'));
    await expect(add(machine, { branch: 'nxt' })).rejects.toMatchObject({
      code: 'rig.no-branch',
      hint: 'Did you mean next?',
    });
    expect((await add(machine, { branch: 'next' })).defaultBranch).toBe('next');
  });

  test('an empty repository is refused', async () => {
    machine.git.createRemote(URL, { files: {} });
    await expect(add(machine)).rejects.toMatchObject({ code: 'rig.empty-repo' });
  });

  test('a remote whose HEAD names no branch is refused: never main by guess', async () => {
    const remote = machine.git.createRemote(URL, { branch: 'gone' });
    remote.setBranch('dev', remote.head('gone'));
    remote.setBranch('gone', undefined);
    await expect(add(machine)).rejects.toMatchObject({
      code: 'rig.no-default-branch',
      hint: 'Name it: --branch dev',
    });
  });
});

test('an added rig has what the Go gt and the workers look for', async () => {
  machine.git.createRemote(URL);
  await add(machine);
  const ctx = machine.context();
  expect(rigOfId(await readRigs(ctx), 'sh-1')).toMatchObject({
    name: 'shop',
    prefix: 'sh',
    gitUrl: URL,
    defaultBranch: 'main',
  });
  expect(await readRoutes(machine.files, ctx.paths)).toContainEqual({ prefix: 'sh', database: 'shop' });
  const ledger = await ctx.ledgers.open('shop');
  const ids = (await ledger.list({ anyLabel: ['gt:agent', 'gt:rig'] })).map(({ id }) => id as string).sort();
  expect(ids).toEqual(['sh-rig-shop', 'sh-shop-refinery', 'sh-shop-witness']);
  expect(await machine.files.readText(`${ROOT}/shop/refinery/rig/.beads/redirect`)).toBe('../../.beads\n');
  expect(await machine.files.readText(`${ROOT}/shop/.repo.git/info/exclude`)).toContain('/.beads/\n');
  expect(await machine.files.stat(`${ROOT}/shop/.gt-adding`)).toBeUndefined();
});

test('P29: the working copies are clean', async () => {
  machine.git.createRemote(URL);
  await add(machine);
  for (const path of ['mayor/rig', 'refinery/rig']) {
    expect(await machine.git.worktrees.status(`${ROOT}/shop/${path}`)).toMatchObject({
      changed: [],
      untracked: [],
    });
  }
});

test('a fork pushes to its own place', async () => {
  machine.git.createRemote(URL);
  await add(machine, {
    pushUrl: 'https://example.test/fork.git',
    upstreamUrl: 'https://example.test/up.git',
  });
  const { bare, mayorClone } = (await rigNamed(machine.context(), 'shop')).paths;
  for (const repo of [bare, mayorClone]) {
    expect(await machine.git.remotes.urls(repo, 'origin')).toEqual({
      fetch: URL,
      push: 'https://example.test/fork.git',
    });
  }
  expect(await machine.git.remotes.urls(bare, 'upstream')).toMatchObject({
    fetch: 'https://example.test/up.git',
  });
});

describe('a repository on this machine', () => {
  const PATH = '/home/jo/src';
  beforeEach(() => {
    machine.git.init(PATH, 'trunk').commitEverything('first');
  });

  test('with the target checked out it is refused, naming the ways', async () => {
    const adding = add(machine, { source: parseSource(PATH, '/') });
    await expect(adding).rejects.toMatchObject({
      code: 'rig.checked-out',
      hint: expect.stringMatching(/--push-url[^]*--mirror/) as unknown,
    });
    expect(await machine.files.stat(`${ROOT}/shop`)).toBeUndefined();
  });

  test('--mirror works on a copy and only reads the source', async () => {
    const before = await machine.git.objects.listRefs(PATH, 'refs/');
    const rig = await add(machine, { source: parseSource(PATH, '/'), mirror: true });
    expect(rig.gitUrl).toBe(`${ROOT}/shop/.origin.git`);
    expect(await machine.git.remotes.urls(rig.paths.bare, 'origin')).toMatchObject({ fetch: rig.gitUrl });
    expect(await machine.git.remotes.urls(rig.paths.mayorClone, 'origin')).toMatchObject({
      fetch: rig.gitUrl,
    });
    expect(await machine.git.objects.listRefs(PATH, 'refs/')).toEqual(before);
  });

  test('--push-url is enough', async () => {
    const rig = await add(machine, {
      source: parseSource(PATH, '/'),
      pushUrl: 'https://example.test/fork.git',
    });
    expect(rig.gitUrl).toBe(PATH);
  });
});

describe('refused', () => {
  test('a name that is taken, without asking the remote', async () => {
    const remote = machine.git.createRemote(URL);
    await add(machine);
    remote.goOffline();
    await expect(add(machine)).rejects.toMatchObject({ code: 'rig.exists' });
  });

  test('a folder of that name that is no rig, which stays as it is', async () => {
    machine.git.createRemote(URL);
    await machine.files.writeAtomic(`${ROOT}/shop/notes.txt`, 'mine');
    await expect(add(machine)).rejects.toMatchObject({ code: 'rig.folder-exists' });
    expect(await machine.files.readText(`${ROOT}/shop/notes.txt`)).toBe('mine');
  });

  test('a prefix of another rig or of the town', async () => {
    machine.git.createRemote(URL);
    await add(machine);
    const other = { name: parseRigName('shelf') };
    await expect(add(machine, other)).rejects.toMatchObject({
      code: 'rig.prefix-taken',
      message: expect.stringContaining('rig shop') as unknown,
    });
    await expect(add(machine, { ...other, prefix: 'hq' })).rejects.toMatchObject({
      code: 'rig.prefix-taken',
    });
    expect((await add(machine, { ...other, prefix: 'shf' })).prefix).toBe('shf');
  });

  test('a remote that does not answer', async () => {
    machine.git.createRemote(URL).goOffline();
    await expect(add(machine)).rejects.toMatchObject({ code: 'git.remote-unreachable' });
  });
});

describe('a project that tracks its own beads', () => {
  const files = { '.beads/config.yaml': 'issue-prefix: "old"\n' };

  test('keeps its prefix, and nothing is written into its folder', async () => {
    machine.git.createRemote(URL, { files });
    expect((await add(machine)).prefix).toBe('old');
    expect(await machine.files.stat(`${ROOT}/shop/refinery/rig/.beads/redirect`)).toBeUndefined();
  });

  test('a --prefix that differs is refused', async () => {
    machine.git.createRemote(URL, { files });
    await expect(add(machine, { prefix: 'new' })).rejects.toMatchObject({ code: 'rig.prefix-conflict' });
    expect(await machine.files.stat(`${ROOT}/shop`)).toBeUndefined();
  });
});

test('one rig that cannot be read does not hide the others', async () => {
  machine.git.createRemote(URL);
  await add(machine);
  await add(machine, { name: parseRigName('other') });
  await machine.files.writeAtomic(`${ROOT}/shop/config.json`, '{"half');
  const ctx = machine.context();
  expect((await readRigs(ctx)).rigs.map(({ name }) => name)).toEqual(['other']);
  await expect(rigNamed(ctx, 'shop')).rejects.toMatchObject({ code: 'rig.broken' });
  await expect(rigNamed(ctx, 'othr')).rejects.toMatchObject({
    code: 'rig.not-found',
    hint: 'Did you mean other?',
  });
});

test('P15: two rigs added at the same time are both there', async () => {
  machine.git.createRemote(URL);
  const names = ['alpha', 'bravo'].map(parseRigName);
  await machine.clock.drive(
    Promise.all(
      names.map((name) => addRig(machine.context(), { name, source: parseSource(URL, '/'), mirror: false })),
    ),
  );
  expect((await readRigs(machine.context())).rigs.map(({ name }) => name)).toEqual(names);
});

test('a removed rig whose folder went too comes back with its beads', async () => {
  machine.git.createRemote(URL);
  const rig = await add(machine);
  const ledger = await machine.context().ledgers.open('shop');
  const bead = await ledger.transaction('overseer', (tx) => tx.create({ title: 'Keep me' }));
  await unregisterRig(machine.context(), rig);
  await machine.files.remove(rig.paths.root);
  await expect(add(machine, { prefix: 'zz' })).rejects.toMatchObject({ code: 'rig.ledger-exists' });
  await add(machine);
  expect((await ledger.get(bead.id))?.title).toBe('Keep me');
});

describe('P2: a marker of an add that is long over never costs a rig', () => {
  const marker = JSON.stringify({ pid: 4242, start: 'gone' });

  test('a registered rig stays as it is', async () => {
    machine.git.createRemote(URL);
    const rig = await add(machine);
    await machine.files.writeAtomic(`${rig.paths.root}/.gt-adding`, marker);
    await expect(add(machine)).rejects.toMatchObject({ code: 'rig.exists' });
    expect(await machine.files.stat(rig.paths.mayorClone)).toBeDefined();
  });

  test('so does one that was taken out of the town, once anybody has worked in it', async () => {
    machine.git.createRemote(URL);
    const rig = await add(machine);
    await machine.files.writeAtomic(`${rig.paths.crewDir}/jo/notes.txt`, 'precious');
    await unregisterRig(machine.context(), rig);
    await machine.files.writeAtomic(`${rig.paths.root}/.gt-adding`, marker);
    await expect(add(machine)).rejects.toMatchObject({ code: 'rig.folder-exists' });
    expect(await machine.files.readText(`${rig.paths.crewDir}/jo/notes.txt`)).toBe('precious');
  });

  test('the draft of an add that still runs is left alone', async () => {
    machine.git.createRemote(URL);
    const alive = JSON.stringify(await machine.processes.self());
    await machine.files.writeAtomic(`${ROOT}/.runtime/adding/other-1/.gt-adding`, alive);
    await machine.files.writeAtomic(`${ROOT}/.runtime/adding/dead-1/.gt-adding`, marker);
    await add(machine);
    const drafts = (await machine.files.list(`${ROOT}/.runtime/adding`)) ?? [];
    expect(drafts.map(({ name }) => name)).toEqual(['other-1']);
  });
});

function wrapped(own: FakeMachine, faults: ReturnType<typeof createFaults>): Partial<TownPorts> {
  const { files, git, store } = own.ports;
  return {
    files: faults.wrap('files', files),
    git: faults.wrap('git', git),
    store: faults.wrap('store', store),
  };
}

async function countCalls(): Promise<number> {
  const own = makeMachine();
  await own.install();
  own.git.createRemote(URL);
  const faults = createFaults();
  await add(own, { mirror: true }, wrapped(own, faults));
  await own.close();
  return faults.calls.length;
}

test('a failure at any step takes back everything it made, and nothing else', async () => {
  const steps = await countCalls();
  expect(steps).toBeGreaterThan(60);
  for (let step = 1; step <= steps; step += 1) {
    const own = makeMachine();
    await own.install();
    own.git.createRemote(URL);
    const before = await tree(own);
    const faults = createFaults();
    faults.failAt(step, new ExternalError({ code: 'test.failed', message: `call ${step} failed` }));
    const failed = await add(own, { mirror: true }, wrapped(own, faults)).then(
      () => false,
      () => true,
    );
    if (failed) expect([step, await tree(own)]).toEqual([step, before]);
    else expect([step, (await readRigs(own.context())).rigs.length]).toEqual([step, 1]);
    // Whatever happened, the same command works afterwards.
    if (failed) await add(own, { mirror: true });
    expect([step, (await readRigs(own.context())).broken]).toEqual([step, []]);
    await own.close();
  }
});

test('P6: killed at any step, the same command works afterwards and nothing half made is registered', async () => {
  const steps = await countCalls();
  for (let step = 1; step <= steps; step += 1) {
    const own = makeMachine();
    await own.install();
    own.git.createRemote(URL);
    const faults = createFaults();
    faults.stopAt(step, step % 2 === 0 ? 'before' : 'after');
    const dying = own.locks.asProcess(4242);
    const self = async () => ({ pid: 4242, start: 'gone' });
    await add(
      own,
      { mirror: true },
      { ...wrapped(own, faults), locks: dying, processes: { ...own.processes, self } },
    ).catch(() => undefined);
    dying.die();
    const { rigs, broken } = await readRigs(own.context());
    expect([step, broken]).toEqual([step, []]);
    if (rigs.length === 0) await add(own, { mirror: true });
    expect([step, (await readRigs(own.context())).rigs.map(({ prefix }) => prefix)]).toEqual([step, ['sh']]);
    await own.close();
  }
});
