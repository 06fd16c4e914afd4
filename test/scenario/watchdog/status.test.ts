import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submitMergeRequest, updateMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import { parseSha } from '../../../src/core/names.ts';
import { setRigWanted, setTownWanted } from '../../../src/town/wanted.ts';
import { renderStatus } from '../../../src/ui/text/status.ts';
import { readTownView } from '../../../src/watchdog/view/read-view.ts';
import { statusJson } from '../../../src/watchdog/view/to-json.ts';
import type { TownView } from '../../../src/watchdog/view/types.ts';
import { PLAIN } from '../../../src/cli/style.ts';
import { createFaults } from '../../fakes/faults.ts';
import { asProcess, makeWorkTown } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const look = (ctx = town.ctx): Promise<TownView> => town.clock.drive(readTownView(ctx));
const draw = (view: TownView, verbose = false): string =>
  renderStatus(view, { paint: PLAIN, columns: 100, verbose });
const drawForPipe = (view: TownView): string =>
  renderStatus(view, { paint: PLAIN, columns: Infinity, verbose: false });

async function working(count: number) {
  const workers = [];
  for (let index = 0; index < count; index += 1) {
    const worker = await town.dispatch((await town.create({ title: `Page ${index + 1}` })).id);
    await worker.begin();
    town.panes.show(worker.session, 'idle');
    town.panes.show(worker.session, 'busy');
    workers.push(worker);
  }
  return workers;
}

async function lookWithoutLedger(kind: 'sqlite' | 'dolt', error: string): Promise<TownView> {
  const health = async () => ({ kind, location: 'x', ok: false, error, databases: [] });
  const store = { ...town.ctx.ports.store, health };
  return look({ ...town.ctx, ports: { ...town.ctx.ports, store } });
}

/** Statements and subprocesses of one look. */
async function costOf(): Promise<{ readonly queries: number; readonly processes: number }> {
  const faults = createFaults();
  const before = town.processes.calls.length;
  const { ctx } = await asProcess(town, { ports: { store: faults.wrap('store', town.ctx.ports.store) } });
  await look(ctx);
  const queries = faults.calls.filter((call) => /\.(?:query|run)$/.test(call)).length;
  return { queries, processes: town.processes.calls.length - before };
}

test('P16: status costs at most 12 queries and no subprocess but tmux, with 2 agents and with 20', async () => {
  await working(2);
  const few = await costOf();
  await working(18);
  const many = await costOf();
  expect(many).toEqual(few);
  expect(few.queries).toBeLessThanOrEqual(12);
  expect(few.processes).toBe(0);
});

test('a line for a pipe is whole, one for a terminal has its width', async () => {
  const title = `A title of ${'many '.repeat(30)}words`;
  await (await town.dispatch((await town.create({ title })).id)).begin();
  const view = await look();
  expect(drawForPipe(view)).toContain(title);
  expect(draw(view)).not.toContain(title);
});

test('a worker whose town was taken down is stopped, with its work in its hands', async () => {
  const [worker] = await working(1);
  town.panes.exit(worker!.session, { code: 0 });
  await setTownWanted(town.ctx, 'down');
  expect(draw(await look())).toMatch(/furiosa +○ stopped .*pj-.* wanted down/);
});

test('P27: a working town fits one screen and needs nobody', async () => {
  await working(8);
  await town.setTown({ scheduler: { max_polecats: 8 } });
  const view = { ...(await look()), daemon: RUNNING };
  const text = draw({ ...view, attention: [] });
  expect(text.split('\n').length).toBeLessThanOrEqual(24);
  expect(text).toMatch(/^nothing needs you · 8 working · 0 idle · merge 0 queued/);
  expect(text).toMatch(/furiosa {6}● working {3}0s {3}\[helper\] → pj-\w+ Page 1/);
});

const RUNNING: TownView['daemon'] = {
  running: true,
  pid: 1,
  startedAt: '',
  lastHeartbeat: '',
  own: undefined,
};

describe('P27: each state says why and what comes next', () => {
  test('a dead agent', async () => {
    const [worker] = await working(1);
    town.panes.exit(worker!.session, { code: 3 });
    const [agent] = (await look()).rigs[0]?.polecats ?? [];
    expect(agent).toMatchObject({
      state: 'dead',
      running: false,
      reasons: ['its session ended: exit 3'],
      next: 'it is restarted',
    });
    expect(agent?.needsPerson).toBe(false);
  });

  test('an agent in a dialog needs a person', async () => {
    const [worker] = await working(1);
    town.panes.show(worker!.session, 'dialog', 'trust this folder?');
    const view = await look();
    expect(view.attention).toContainEqual(
      expect.objectContaining({
        kind: 'agent',
        subject: 'proj/furiosa',
        reason: 'needs input: trust this folder?',
      }),
    );
    expect(draw(view)).toContain('⚠ proj/furiosa: needs input: trust this folder? → gt attach proj/furiosa');
  });

  test('an agent without any sign of work for half an hour needs a person', async () => {
    await working(1);
    await town.clock.advance(31 * 60_000);
    const view = await look();
    expect(view.attention.filter(({ kind }) => kind === 'agent')).toMatchObject([
      { subject: 'proj/furiosa', reason: 'no sign of work for 31m' },
    ]);
  });

  test('a conflict that nobody is given needs a person; one that somebody has does not', async () => {
    const { mr } = await town.ledger.transaction('x', (tx) =>
      submitMergeRequest(tx, {
        rig: town.rig.name,
        branch: 'polecat/bob/x',
        target: 'main',
        commit: parseSha('1234567890123456789012345678901234567890'),
      }),
    );
    const task = await town.create({ title: 'Resolve it' });
    await town.ledger.transaction('x', async (tx) => {
      await tx.addEdge({ from: mr.id, to: task.id, type: 'blocks' });
      await updateMergeRequest(tx, mr, { fields: { phase: 'blocked', conflictTaskId: task.id } });
    });
    const needed = async () => (await look()).attention.filter(({ kind }) => kind === 'bead');
    expect(await needed()).toEqual([
      {
        kind: 'bead',
        subject: task.id,
        reason: `nobody resolves the conflict of ${mr.id}`,
        next: `gt sling ${task.id} proj`,
      },
    ]);
    await town.dispatch(task.id);
    expect(await needed()).toEqual([]);
  });

  test('submitted work waits in the merge queue', async () => {
    const [worker] = await working(1);
    await worker!.write('a.md', '# a\n');
    worker!.commit();
    await worker!.done();
    const view = await look();
    const [mr] = await town.mrs();
    expect(view.rigs[0]?.merge.requests).toMatchObject([{ id: mr?.id, phase: 'queued', why: '' }]);
    expect(draw(view)).toMatch(new RegExp(`merge 1 queued, next ${mr?.id}`));
  });

  test('a bead that was given up needs a person', async () => {
    const bead = await town.create({ title: 'Cannot be done' });
    await town.ledger.transaction('overseer', (tx) => tx.update(bead.id, { status: 'blocked' }));
    expect((await look()).attention).toContainEqual(
      expect.objectContaining({ kind: 'bead', subject: bead.id, reason: 'blocked: Cannot be done' }),
    );
  });

  test('queued beads are listed with their titles', async () => {
    await town.setTown({ scheduler: { max_polecats: 1 } });
    await working(1);
    const bead = await town.create({ title: 'Later' });
    await town.sling([bead.id]);
    expect((await look()).rigs[0]?.queue).toMatchObject([{ bead: bead.id, title: 'Later', failures: 0 }]);
  });
});

describe('P27: no false calm', () => {
  test('a daemon that does not run while the town is wanted up is named first', async () => {
    const view = await look();
    expect(view.attention[0]).toMatchObject({ kind: 'service', subject: 'daemon', next: 'gt up' });
  });

  test('a ledger that does not answer is never an empty town', async () => {
    await working(2);
    const view = await lookWithoutLedger('sqlite', 'EIO');
    expect(view.attention).toContainEqual(expect.objectContaining({ subject: 'ledger', reason: 'EIO' }));
    expect(draw(view)).toContain('ledger ✖ sqlite: EIO');
    expect(draw(view)).not.toMatch(/\b0 (?:working|idle|queued)/);
  });

  test('the Dolt server of a town that was taken down rests: nobody is needed', async () => {
    await working(1);
    await setTownWanted(town.ctx, 'down');
    const view = await lookWithoutLedger('dolt', 'ECONNREFUSED');
    expect(view.attention).toEqual([]);
    expect(draw(view)).toContain('ledger ○ dolt, stopped');
  });

  test('every file that cannot be read is named with its reason, the rest is shown', async () => {
    await working(1);
    await town.files.writeAtomic('/town/daemon/wanted.json', '{"half');
    await town.files.writeAtomic('/town/settings/config.json', '{"half');
    const view = await look();
    expect(Object.keys(view.unavailable).sort()).toEqual(['daemon/wanted.json', 'settings']);
    expect(view.attention.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['daemon/wanted.json', 'settings']) as unknown,
    );
    expect(view.wanted).toBe('unknown');
  });

  test('a rig that cannot be read keeps its line and its reason', async () => {
    await town.files.writeAtomic('/town/proj/config.json', '{"half');
    const view = await look();
    expect(view.rigs).toMatchObject([
      { name: 'proj', error: expect.stringContaining('config.json') as unknown },
    ]);
    expect(draw(view)).toContain('cannot be read');
  });
});

test('a retry on its way, an idle worker and a parked rig need nobody', async () => {
  const [worker] = await working(1);
  town.panes.exit(worker!.session, { code: 1 });
  await setRigWanted(town.ctx, 'proj', 'down');
  const view = await look();
  expect(view.attention.filter(({ kind }) => kind !== 'service')).toEqual([]);
  expect(view.rigs[0]?.closed).toBe('parked');
});

test('the JSON has every key that scripts of the Go gt read', async () => {
  await working(1);
  const json = JSON.parse(JSON.stringify(statusJson(await look()))) as Record<string, unknown>;
  for (const key of ['name', 'location', 'daemon', 'tmux', 'agents', 'rigs', 'summary'])
    expect(json).toHaveProperty(key);
  expect(json['summary']).toEqual({
    rig_count: 1,
    polecat_count: 1,
    crew_count: 0,
    witness_count: 0,
    refinery_count: 1,
    active_hooks: 1,
  });
  const [rig] = json['rigs'] as { agents: Record<string, unknown>[]; mq: unknown }[];
  expect(rig?.mq).toMatchObject({ pending: 0, in_flight: 0, blocked: 0, state: 'idle', health: 'empty' });
  expect(rig?.agents[0]).toMatchObject({
    name: 'furiosa',
    address: 'proj/furiosa',
    session: 'pj-furiosa',
    role: 'polecat',
    running: true,
    acp: false,
    has_work: true,
    work_title: 'Page 1',
    state: 'working',
    unread_mail: 0,
    agent_alias: 'helper',
  });
});

test('P26: hostile titles reach the terminal as text', async () => {
  const bead = await town.create({
    title: 'evil \u001b[31mred\u001b[0m \u202Etxet\u202C $(rm -rf /)\nsecond line',
  });
  await (await town.dispatch(bead.id)).begin();
  const text = draw(await look());
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(text).toContain('evil red txet');
});
