import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAddress, sessionOf } from '../../../src/core/address.ts';
import { parsePrefix } from '../../../src/core/names.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { attachWork } from '../../../src/polecat/sling/attach.ts';
import { startAgent } from '../../../src/sessions/start-agent.ts';
import { stopSession } from '../../../src/sessions/stop.ts';
import { readAttempts } from '../../../src/town/attempts.ts';
import { setAgentWanted, setTownWanted } from '../../../src/town/wanted.ts';
import { restoreTown } from '../../../src/watchdog/restore/run.ts';
import type { Restored } from '../../../src/watchdog/restore/run.ts';
import { makeWorkTown } from '../work/town.ts';
import type { Worker, WorkTown } from '../work/town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.setTown({ agents: { helper: { command: 'helper', provider: 'claude' } } });
  for (const name of ['ann', 'bob']) await town.files.makeDir(`/town/proj/crew/${name}/.git`);
});
afterEach(() => town.close());

const MAYOR = 'hq-mayor' as SessionName;
const crew = (name: string): SessionName => sessionOf(parseAddress(`proj/crew/${name}`), parsePrefix('pj'));

async function slung(title: string): Promise<Worker> {
  const worker = await town.dispatch((await town.create({ title })).id);
  await worker.begin();
  atWork(worker.session);
  return worker;
}

async function started(address: string): Promise<SessionName> {
  const { session } = await town.clock.drive(startAgent(town.ctx, { address: parseAddress(address) }));
  atWork(session);
  return session;
}

function atWork(session: SessionName): void {
  town.panes.show(session, 'ready');
  town.panes.show(session, 'busy');
}

const restore = (): Promise<readonly Restored[]> => town.clock.drive(restoreTown(town.ctx));
const conversationOf = (session: SessionName) => town.panes.started(session)?.conversation;

describe('gt up --restore after the machine went down', () => {
  test('every agent that was at work goes on in its place and its conversation, in no order of luck', async () => {
    const workers = [await slung('one'), await slung('two'), await slung('three')];
    const sessions = [
      ...workers.map(({ session }) => session),
      await started('mayor'),
      await started('proj/crew/ann'),
    ];
    const before = sessions.map(conversationOf);
    for (const session of sessions) town.panes.killHost(session);
    const names = workers.map(({ name }) => `proj/polecats/${name}`).toSorted();
    const back = { ok: true, detail: 'goes on in its conversation' };
    expect(await restore()).toMatchObject(
      [...names, 'mayor/', 'proj/crew/ann'].map((agent) => ({ agent, ...back })),
    );
    expect(sessions.map(conversationOf)).toEqual(before);
    for (const session of sessions)
      expect(town.panes.started(session)).toMatchObject({ spawn: 2, resumed: true });
    for (const { session, worktree } of workers)
      expect(town.panes.started(session)).toMatchObject({ cwd: worktree });
  });

  test('it is the agent that it was, under the login that it had, whatever settings say now', async () => {
    await town.files.writeAtomic(
      '/town/mayor/accounts.json',
      JSON.stringify({ accounts: { work: { config_dir: '/logins/work' } } }),
    );
    await town.setTown({
      agents: { helper: { command: 'helper', provider: 'claude' }, other: { command: 'other' } },
    });
    const start = { address: parseAddress('mayor'), agent: 'helper', account: 'work' };
    await town.clock.drive(startAgent(town.ctx, start));
    atWork(MAYOR);
    await town.setTown({
      default_agent: 'other',
      agents: { helper: { command: 'helper', provider: 'claude' }, other: { command: 'other' } },
    });
    town.panes.killHost(MAYOR);
    await restore();
    expect(town.panes.started(MAYOR)).toMatchObject({
      runtime: 'helper',
      resumed: true,
      env: { CLAUDE_CONFIG_DIR: '/logins/work' },
    });
  });

  test('P3: nobody without work is told anything', async () => {
    await started('mayor');
    town.panes.killHost(MAYOR);
    await restore();
    const argv = town.panes.started(MAYOR)?.argv ?? [];
    expect(argv.at(-2)).toBe('--settings');
  });

  test('P11: it uses up no attempts, however many died at once, and the last one is not given up', async () => {
    const workers = [await slung('one'), await slung('two'), await slung('three'), await slung('four')];
    for (let round = 0; round < 4; round += 1) {
      for (const { session } of workers) town.panes.killHost(session);
      expect((await restore()).every(({ ok }) => ok)).toBe(true);
    }
    expect([...(await readAttempts(town.ctx)).values()]).toEqual([]);
  });

  test('a second time changes nothing', async () => {
    const worker = await slung('one');
    town.panes.killHost(worker.session);
    await restore();
    expect(await restore()).toEqual([]);
    expect(town.panes.started(worker.session)).toMatchObject({ spawn: 2 });
  });
});

describe('gt up --restore after gt down', () => {
  test('brings back who holds work, with it, and not who was stopped without any', async () => {
    const worker = await slung('one');
    const plan = await town.hq.transaction('overseer', (tx) => tx.create({ title: 'Plan' }));
    await attachWork(town.ctx, { bead: plan.id, agent: parseAddress('mayor'), dryRun: false, force: false });
    for (const session of [worker.session, await started('mayor'), await started('proj/crew/ann')])
      await town.clock.drive(stopSession(town.ctx, session, { waitMs: 1000 }));
    await setTownWanted(town.ctx, 'up');
    expect((await restore()).map(({ agent }) => agent)).toEqual(['proj/polecats/furiosa', 'mayor/']);
    expect(town.panes.started(MAYOR)?.argv.at(-1)).toContain(`Your hook holds ${plan.id}: Plan`);
    expect((await town.panes.observe(crew('ann'))).kind).toBe('exited');
  });

  test('brings the crew that crew.startup names, without a word to them', async () => {
    await town.files.writeAtomic(
      town.rig.paths.settingsFile,
      JSON.stringify({ crew: { startup: 'all but not bob' } }),
    );
    expect((await restore()).map(({ agent }) => agent)).toEqual(['proj/crew/ann']);
    expect(town.panes.started(crew('ann'))?.argv.at(-2)).toBe('--settings');
  });

  test('leaves alone whom people do not want up, who reported stuck, and whom nobody can look at', async () => {
    const [stuck, unseen] = [await slung('one'), await slung('two')];
    await town.ledger.transaction('x', async (tx) => {
      const row = await town.row(stuck.name);
      const text = row?.bead.description.replace(/agent_state: \w+/, 'agent_state: stuck') ?? '';
      await tx.update(row?.bead.id ?? '', { description: text });
    });
    const mayor = await started('mayor');
    for (const session of [stuck.session, unseen.session, mayor]) town.panes.killHost(session);
    town.panes.breakState(unseen.session, 'torn');
    await setAgentWanted(town.ctx, parseAddress('mayor'), 'down');
    expect(await restore()).toEqual([]);
  });

  test('an agent that ended by itself had finished', async () => {
    const bob = await started('proj/crew/bob');
    town.panes.exit(bob, { code: 0 });
    expect(await restore()).toEqual([]);
    const ann = await started('proj/crew/ann');
    town.panes.exit(ann, { signal: 'SIGKILL' });
    expect((await restore()).map(({ agent }) => agent)).toEqual(['proj/crew/ann']);
  });

  test('work of an agent whose rig was taken out of the town keeps nobody else down', async () => {
    await town.hq.transaction('x', (tx) =>
      tx.create({ title: 'Plan', status: 'hooked', assignee: 'gone/crew/joe' }),
    );
    town.panes.killHost(await started('mayor'));
    expect(await restore()).toMatchObject([{ agent: 'mayor/', ok: true }]);
  });

  test('one that cannot be started is told and keeps nobody else waiting', async () => {
    const ann = await started('proj/crew/ann');
    const mayor = await started('mayor');
    await town.files.remove('/town/proj/crew/ann');
    for (const session of [ann, mayor]) town.panes.killHost(session);
    expect(await restore()).toMatchObject([
      { agent: 'mayor/', ok: true },
      { agent: 'proj/crew/ann', ok: false, detail: expect.stringContaining('has no folder') as string },
    ]);
  });
});
