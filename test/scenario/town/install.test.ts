import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTown } from '../../../src/town/town-file.ts';
import { townPaths } from '../../../src/town/layout.ts';
import { createFaults } from '../../fakes/faults.ts';
import { ExternalError } from '../../../src/core/errors.ts';
import { ROOT, makeMachine, type FakeMachine } from './fake-town.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = makeMachine();
});
afterEach(() => machine.close());

async function paths(): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (dir: string): Promise<void> => {
    for (const { name, kind } of (await machine.files.list(dir)) ?? []) {
      found.push(`${dir}/${name}`);
      if (kind === 'dir') await walk(`${dir}/${name}`);
    }
  };
  await walk(ROOT);
  return found;
}

test('an install makes the files that the Go gt and bd know', async () => {
  await machine.install({ name: 'my town', owner: 'jo@example.test' });
  const json = async (path: string) =>
    JSON.parse((await machine.files.readText(`${ROOT}/${path}`)) ?? 'null') as unknown;
  expect(await json('mayor/town.json')).toEqual({
    type: 'town',
    version: 2,
    name: 'my town',
    owner: 'jo@example.test',
    public_name: 'my town',
    created_at: '2026-01-01T00:00:00.000Z',
    store: { kind: 'sqlite' },
  });
  expect(await json('mayor/rigs.json')).toEqual({ version: 1, rigs: {} });
  expect(await json('.beads/metadata.json')).toMatchObject({
    backend: 'gt-sqlite',
    sqlite_database: 'hq',
    sqlite_path: '../.store/hq.db',
  });
  expect(await machine.files.readText(`${ROOT}/.beads/config.yaml`)).toContain('issue-prefix: hq\n');
  expect(await machine.files.readText(`${ROOT}/.beads/routes.jsonl`)).toBe(
    '{"prefix":"hq-","path":"."}\n{"prefix":"hq-cv-","path":"."}\n',
  );
  expect((await paths()).some((path) => path.endsWith('.gt-installing'))).toBe(false);
});

test('secrets of a town are its owner’s: no file of settings can be read by others', async () => {
  await machine.install();
  for (const path of await paths()) {
    const stat = await machine.files.stat(path);
    if (stat?.kind === 'file' && path.endsWith('.json')) expect([path, stat.mode & 0o077]).toEqual([path, 0]);
  }
});

test('the ledger has the rows of the standing agents and its own settings', async () => {
  await machine.install();
  const hq = await machine.context().ledgers.hq();
  expect((await hq.list({ labels: ['gt:agent'] })).map(({ id }) => id).sort()).toEqual([
    'hq-deacon',
    'hq-mayor',
  ]);
  expect((await hq.config()).get('routing.mode')).toBe('explicit');
});

describe('P13: refused before anything is written', () => {
  test('git is missing', async () => {
    const missing = { ...machine.processes, which: async () => undefined };
    await expect(machine.install({}, { processes: missing })).rejects.toMatchObject({
      code: 'tool.missing',
    });
    expect(await machine.files.stat(ROOT)).toBeUndefined();
  });

  test('git cannot merge without a worktree', async () => {
    machine.processes.program('git', () => ({ code: 129, stderr: 'usage: git merge-tree <base> <a> <b>' }));
    await expect(machine.install()).rejects.toMatchObject({
      code: 'tool.unfit',
      hint: expect.stringContaining('2.38') as unknown,
    });
    expect(await machine.files.stat(ROOT)).toBeUndefined();
  });

  test('Dolt is asked for and not there, or its port is taken', async () => {
    await expect(machine.install({ store: 'dolt' })).rejects.toMatchObject({ code: 'tool.missing' });
    machine.processes.program('dolt', () => ({ code: 0, stdout: 'dolt version 1.88.1\n' }));
    machine.processes.listen(4001, 77);
    machine.processes.listen(4002, 78);
    const asked = { store: 'dolt', dolt: { host: '127.0.0.1', port: 4001 } } as const;
    await expect(machine.install(asked)).rejects.toMatchObject({
      code: 'install.port-taken',
      message: expect.stringContaining('pid 77') as unknown,
      hint: expect.stringContaining('--dolt-port 4003') as unknown,
    });
    expect(await machine.files.stat(ROOT)).toBeUndefined();
  });

  test('the place is a town, lies in one, or is a file', async () => {
    await machine.install();
    await expect(machine.install()).rejects.toMatchObject({ code: 'install.exists' });
    await expect(machine.install({ root: `${ROOT}/inner` })).rejects.toMatchObject({
      code: 'install.nested',
    });
    await machine.files.writeAtomic('/file', '');
    await expect(machine.install({ root: '/file' })).rejects.toMatchObject({ code: 'install.not-a-folder' });
  });
});

test('a Dolt server on another machine needs no dolt here, and is written down', async () => {
  await machine.install({ store: 'dolt', dolt: { host: 'db.example', port: 3306 } });
  const daemon = await machine.files.readText(`${ROOT}/mayor/daemon.json`);
  expect(JSON.parse(daemon ?? '')).toMatchObject({
    env: { GT_DOLT_HOST: 'db.example', GT_DOLT_PORT: '3306' },
  });
});

test('with Dolt on the machine, a SQLite install says in one line how to choose it', async () => {
  machine.processes.program('dolt', () => ({ code: 0, stdout: 'dolt version 1.88.1\n' }));
  const { notes } = await machine.install();
  expect(notes.filter((note) => note.includes('--store dolt'))).toHaveLength(1);
});

test('--force on a town changes no file that is there', async () => {
  await machine.install();
  await machine.files.writeAtomic(`${ROOT}/settings/escalation.json`, '{"contacts":{"human_email":"me"}}');
  await machine.files.remove(`${ROOT}/CLAUDE.md`);
  await machine.install({ force: true, name: 'other' });
  expect(await machine.files.readText(`${ROOT}/settings/escalation.json`)).toContain('human_email');
  expect((await readTown(machine.files, townPaths(ROOT))).name).toBe('town');
  expect(await machine.files.stat(`${ROOT}/CLAUDE.md`)).toBeDefined();
});

test('P13: an install killed at any step is finished by running it again', async () => {
  const steps = await countCalls();
  expect(steps).toBeGreaterThan(30);
  for (let step = 1; step <= steps; step += 1) {
    const own = makeMachine();
    const faults = createFaults();
    faults.stopAt(step, step % 2 === 0 ? 'before' : 'after');
    await own.install({}, wrapped(own, faults)).catch(() => undefined);
    own.locks.die();
    const finished =
      (await own.files.stat(`${ROOT}/mayor/town.json`)) !== undefined && !(await isMarked(own));
    if (!finished) await own.install();
    expect([step, await own.files.readText(`${ROOT}/.beads/routes.jsonl`)]).toEqual([
      step,
      '{"prefix":"hq-","path":"."}\n{"prefix":"hq-cv-","path":"."}\n',
    ]);
    const hq = await own.context().ledgers.hq();
    expect([step, (await hq.list({ labels: ['gt:agent'] })).length]).toEqual([step, 2]);
    expect([step, await isMarked(own)]).toEqual([step, false]);
    await own.close();
  }
});

test('a full disk is one clear error', async () => {
  const faults = createFaults();
  faults.failOn('files.writeAtomic', 4, new ExternalError({ code: 'files.failed', message: 'disk full' }));
  await expect(machine.install({}, wrapped(machine, faults))).rejects.toMatchObject({ code: 'files.failed' });
});

function isMarked(own: FakeMachine): Promise<boolean> {
  return own.files.stat(`${ROOT}/.gt-installing`).then((stat) => stat !== undefined);
}

function wrapped(own: FakeMachine, faults: ReturnType<typeof createFaults>) {
  return { files: faults.wrap('files', own.files), store: faults.wrap('store', own.ports.store) };
}

async function countCalls(): Promise<number> {
  const own = makeMachine();
  const faults = createFaults();
  await own.install({}, wrapped(own, faults));
  await own.close();
  return faults.calls.length;
}
