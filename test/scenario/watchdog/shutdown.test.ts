import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseWorkerName } from '../../../src/core/names.ts';
import { addCrew } from '../../../src/crew/add.ts';
import { startCrew } from '../../../src/crew/start.ts';
import { crewPlace } from '../../../src/rig/crew-place.ts';
import type { CrewPlace } from '../../../src/rig/crew-place.ts';
import { writeRigKey } from '../../../src/rig/settings.ts';
import { readWanted } from '../../../src/town/wanted.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import { planShutdown, runShutdown } from '../../../src/watchdog/shutdown.ts';
import type { ShutdownReport, ShutdownWishes } from '../../../src/watchdog/shutdown.ts';
import { startTown } from '../../../src/watchdog/start-town.ts';
import { listSurvivors } from '../../../src/watchdog/survivors.ts';
import { makeWorkTown } from '../work/town.ts';
import type { Worker, WorkTown } from '../work/town.ts';
import { passesOf } from './daemon-town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const WISHES: ShutdownWishes = { scope: 'town', crew: 'keep', dirty: 'keep' };
const shutdown = (wishes: Partial<ShutdownWishes> = {}): Promise<ShutdownReport> =>
  town.clock.drive(runShutdown(town.ctx, createHands(town.ctx), { ...WISHES, ...wishes }));

async function add(name: string): Promise<CrewPlace> {
  const place = crewPlace(town.rig, parseWorkerName(name));
  await town.clock.drive(addCrew(town.ctx, place, { branch: 'default' }));
  return place;
}

async function withCrew(name: string): Promise<CrewPlace> {
  const place = await add(name);
  await town.clock.drive(startCrew(town.ctx, place, {}));
  return place;
}

/** A worker whose bead is done and landed, or went to somebody else: its desk is left. */
async function free(): Promise<Worker> {
  const bead = await town.create();
  const worker = await town.dispatch(bead.id);
  await worker.begin();
  await town.ledger.transaction('overseer', (tx) => tx.update(bead.id, { assignee: '', status: 'open' }));
  return worker;
}

const kindOf = async ({ session }: Pick<CrewPlace, 'session'>) => (await town.panes.observe(session)).kind;
const exists = async ({ worktree }: Worker) => (await town.files.list(worktree)) !== undefined;

describe('gt shutdown', () => {
  test('crew goes on, also in passes of a daemon afterwards; polecats end and nothing comes back', async () => {
    const ann = await withCrew('ann');
    const { id } = await town.create();
    const worker = await town.dispatch(id);
    await worker.begin();
    expect(await shutdown()).toMatchObject({ sessions: [worker.session], survivors: [], troubles: [] });
    await passesOf(town).run(20, 30_000);
    expect(await kindOf(ann)).toBe('live');
    expect(await kindOf(worker)).not.toBe('live');
    expect(await listSurvivors(town.ctx)).toEqual([]);
    expect(await readWanted(town.ctx)).toMatchObject({ town: 'down', spares: 'crew' });
  });

  test('P14: crew of a rig that cannot be read goes on too', async () => {
    const ann = await withCrew('ann');
    await town.files.writeAtomic(town.rig.paths.configFile, '{');
    expect((await planShutdown(town.ctx, WISHES)).sessions).toEqual([]);
    await shutdown();
    await passesOf(town).run(2, 30_000);
    expect(await kindOf(ann)).toBe('live');
  });

  test('a crew agent that ends while the town is down stays ended, and none is started', async () => {
    const ann = await withCrew('ann');
    await shutdown();
    town.panes.killHost(ann.session);
    await passesOf(town).run(5, 30_000);
    expect(await kindOf(ann)).not.toBe('live');
    await expect(town.clock.drive(startCrew(town.ctx, ann, {}))).rejects.toMatchObject({ code: 'town.down' });
  });

  test('with --all crew ends too', async () => {
    const ann = await withCrew('ann');
    expect(await shutdown({ crew: 'stop' })).toMatchObject({ sessions: [ann.session], survivors: [] });
    expect(await kindOf(ann)).not.toBe('live');
  });

  test('gt down after it ends the crew that it had spared', async () => {
    const ann = await withCrew('ann');
    await shutdown();
    await shutdown({ crew: 'stop' });
    expect(await kindOf(ann)).not.toBe('live');
    expect(await readWanted(town.ctx)).toMatchObject({ spares: undefined });
  });

  test('P2: worktrees that hold nothing go, those with work stay, and a bead in hand keeps its own', async () => {
    const clean = await free();
    const dirty = await free();
    await dirty.write('new.md', 'x');
    const { id } = await town.create();
    const busy = await town.dispatch(id);
    await busy.begin();
    const plan = await planShutdown(town.ctx, WISHES);
    const report = await shutdown();
    expect(report.removed).toEqual([`proj/${clean.name}`]);
    expect(report.kept).toEqual([
      { polecat: `proj/${dirty.name}`, why: expect.stringContaining('new.md') as unknown },
      { polecat: `proj/${busy.name}`, why: expect.stringContaining(id) as unknown },
    ]);
    expect(plan).toMatchObject({ worktrees: report.removed, kept: report.kept });
    expect(await Promise.all([clean, dirty, busy].map(exists))).toEqual([false, true, true]);
    expect(await town.bead(id)).toMatchObject({ status: 'in_progress' });
  });

  test('P2: --nuclear keeps what was in them in a rescue ref, and says how to read it back', async () => {
    const dirty = await free();
    await dirty.write('new.md', 'x');
    const report = await shutdown({ dirty: 'rescue' });
    expect(report).toMatchObject({ removed: [`proj/${dirty.name}`], kept: [] });
    expect(report.readBack.join()).toContain('gt rescue restore');
    expect(await town.rescues()).toHaveLength(1);
    expect(await exists(dirty)).toBe(false);
  });

  test('--polecats-only leaves the town up, and no pass starts them again', async () => {
    const ann = await withCrew('ann');
    const { id } = await town.create();
    const worker = await town.dispatch(id);
    await worker.begin();
    expect(await shutdown({ scope: 'polecats' })).toMatchObject({ sessions: [worker.session], troubles: [] });
    await passesOf(town).run(10, 30_000);
    expect([await kindOf(worker), await kindOf(ann)]).toEqual(['exited', 'live']);
    expect((await readWanted(town.ctx)).town).toBe('up');
  });
});

describe('gt start', () => {
  const names = async (crew: 'none' | 'startup') =>
    (await town.clock.drive(startTown(town.ctx, { crew })))
      .filter(({ type, detail }) => type === 'agent' && detail !== 'on demand')
      .map(({ name, ok, detail }) => `${name} ${ok ? detail : 'failed'}`);

  test('is gt up with the mayor; a second time starts nothing', async () => {
    await add('ann');
    expect(await names('none')).toEqual(['mayor started, session hq-mayor']);
    expect(await names('none')).toEqual(['mayor runs already, session hq-mayor']);
    expect((await readWanted(town.ctx)).town).toBe('up');
  });

  test('--all brings the crew that crew.startup names, and says which is not there', async () => {
    await add('ann');
    await add('joe');
    await writeRigKey(town.ctx, town.rig, { key: 'crew.startup', text: 'joe and zed' });
    expect(await names('startup')).toEqual([
      'mayor started, session hq-mayor',
      'crew/joe started',
      'crew/zed failed',
    ]);
  });
});
