import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBackCommand } from '../../../src/hooks/rescue-ref.ts';
import { listRigs } from '../../../src/rig/registry.ts';
import { readRoutes } from '../../../src/town/routes.ts';
import { readWanted, setRigWanted } from '../../../src/town/wanted.ts';
import { removeRig } from '../../../src/watchdog/rig-remove.ts';
import { makeWorkTown } from '../work/town.ts';
import type { Worker, WorkTown } from '../work/town.ts';
import { passesOf } from './daemon-town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const remove = (force = false) => town.clock.drive(removeRig(town.ctx, town.rig, { force }));

async function workerAtWork(): Promise<Worker> {
  const worker = await town.dispatch((await town.create()).id);
  await worker.begin();
  return worker;
}

test('a rig goes out of registry and routes; its files and its ledger stay', async () => {
  expect(await remove()).toEqual({ stopped: [], rescued: [] });
  expect(await listRigs(town.ctx)).toEqual([]);
  expect((await readRoutes(town.files, town.ctx.paths)).map(({ prefix }) => prefix)).toEqual(['hq', 'hq-cv']);
  expect(await town.files.stat(town.rig.paths.configFile)).toBeDefined();
  expect(await town.ctx.ports.store.list()).toContain('proj');
});

test('a folder that is no worker’s is not in its way, and one of its name later is not parked', async () => {
  await town.files.makeDir(`${town.rig.paths.polecatsDir}/My notes`);
  await setRigWanted(town.ctx, town.rig.name, 'down');
  await remove();
  expect(await listRigs(town.ctx)).toEqual([]);
  expect((await readWanted(town.ctx)).rigs).toEqual({});
});

test('live sessions are a refusal, and nothing is changed', async () => {
  const worker = await workerAtWork();
  await expect(remove()).rejects.toMatchObject({
    code: 'rig.busy',
    message: expect.stringContaining(worker.session) as unknown,
  });
  expect((await town.panes.observe(worker.session)).kind).toBe('live');
  expect(await listRigs(town.ctx)).toHaveLength(1);
  expect((await readWanted(town.ctx)).rigs).toEqual({});
});

describe('P2: bytes that are nowhere else', () => {
  async function leaveBehind(make: (worker: Worker) => Promise<void>): Promise<Worker> {
    const worker = await workerAtWork();
    await make(worker);
    town.panes.exit(worker.session, { code: 1 });
    return worker;
  }

  const cases: readonly (readonly [string, (worker: Worker) => Promise<void>])[] = [
    ['an untracked file', (worker) => worker.write('new.txt', 'precious')],
    ['a changed file', (worker) => worker.write('README.md', 'precious')],
    [
      'a commit that was not pushed',
      async (worker) => {
        await worker.write('new.txt', 'precious');
        worker.commit();
      },
    ],
  ];

  test.each(cases)('%s: refused, and kept in a ref already', async (_what, make) => {
    await leaveBehind(make);
    await expect(remove()).rejects.toMatchObject({ code: 'rig.unsaved' });
    expect(await listRigs(town.ctx)).toHaveLength(1);
    expect(await town.rescues()).toHaveLength(1);
  });

  test.each(cases)(
    '%s: with --force it goes on, and names the command that reads it back',
    async (_what, make) => {
      await leaveBehind(make);
      const { rescued } = await remove(true);
      expect(rescued).toHaveLength(1);
      const sha = await town.git.objects.resolve(town.rig.paths.bare, rescued[0]!.ref);
      expect(Object.values(town.git.filesOf(sha!))).toContain('precious');
      expect(rescued[0]!.command).toBe(readBackCommand(rescued[0]!.ref));
      expect(await listRigs(town.ctx)).toEqual([]);
    },
  );
});

test('with --force live agents are stopped, and a daemon does not bring them back meanwhile', async () => {
  const worker = await workerAtWork();
  const daemon = passesOf(town);
  const { objects } = town.git;
  // A pass right when the removal looks at git: the sessions are stopped, the rig is still registered.
  const nosy = {
    ...town.ctx,
    ports: {
      ...town.ctx.ports,
      git: {
        ...town.git,
        worktrees: {
          ...town.git.worktrees,
          status: async (path: string) => {
            await daemon.pass();
            return town.git.worktrees.status(path);
          },
        },
        objects,
      },
    },
  };
  const { stopped } = await removeRig(nosy, town.rig, { force: true });
  expect(stopped).toEqual([worker.session]);
  expect((await town.panes.observe(worker.session)).kind).not.toBe('live');
  expect(await town.row(worker.name)).toMatchObject({ spawn: 1 });
  expect((await readWanted(town.ctx)).rigs).toEqual({});
});
