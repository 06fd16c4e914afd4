import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stateLabels, writeState } from '../../../src/beads/forms/state-labels.ts';
import type { StateChange } from '../../../src/beads/forms/state-labels.ts';
import { PLAIN } from '../../../src/cli/style.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { renderAgents } from '../../../src/ui/text/agents.ts';
import { checkAgents, fixAgents } from '../../../src/watchdog/agent-check.ts';
import { startRoleSession } from '../../../src/watchdog/roles/start.ts';
import { listAgents, sectionsOf } from '../../../src/watchdog/view/agent-list.ts';
import type { FakeTmux } from '../../fakes/tmux.ts';
import { makeWorkTown } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.setTown({ scheduler: { max_polecats: 9 } });
});
afterEach(() => town.close());

async function working(title: string) {
  const worker = await town.dispatch((await town.create({ title })).id);
  await worker.begin();
  town.panes.show(worker.session, 'busy');
  return worker;
}
const startMayor = () =>
  town.clock.drive(startRoleSession(town.ctx, { address: { role: 'mayor' }, agent: 'helper' }));
const list = () => town.clock.drive(listAgents(town.ctx));
const tmux = (): FakeTmux => town.ctx.ports.tmux as FakeTmux;

describe('the list of agents', () => {
  test('has those that need a person first, then the town’s own, then rig by rig', async () => {
    await working('One');
    const stuck = await working('Two');
    town.panes.show(stuck.session, 'dialog', 'trust?');
    await startMayor();
    const sections = sectionsOf(await list(), { polecats: true });
    expect(sections.map(({ title, agents }) => [title, agents.map(({ address }) => address)])).toEqual([
      ['Needs you', [`proj/polecats/${stuck.name}`]],
      ['Gas Town', ['mayor/']],
      ['proj', ['proj/polecats/furiosa']],
    ]);
  });

  test('leaves out workers that need nobody, and says how many', async () => {
    await working('One');
    await startMayor();
    const text = renderAgents(await list(), { paint: PLAIN, polecats: false });
    expect(text).toContain('mayor');
    expect(text).not.toContain('furiosa');
    expect(text).toContain('1 polecat (worker) more: gt agents list -a');
  });

  test('P19: sessions that people made there are theirs', async () => {
    await startMayor();
    tmux().addForeign('mine');
    expect((await list()).personal).toEqual(['mine']);
  });

  test('who has ended is in it as long as tmux shows the last screen', async () => {
    await startMayor();
    town.panes.exit('hq-mayor' as SessionName, { code: 0 });
    expect((await list()).agents).toMatchObject([
      { address: 'mayor/', inTmux: true, view: { running: false } },
    ]);
    await tmux().kill('hq-mayor' as SessionName);
    expect((await list()).agents).toEqual([]);
  });
});

describe('gt agents check', () => {
  test('a healthy town has nothing to look at', async () => {
    await working('One');
    expect(await town.clock.drive(checkAgents(town.ctx))).toMatchObject({ sessions: 1, issues: [] });
  });

  test('finds what a dead process left, and fix clears it away and leaves the living', async () => {
    const { locksDir } = town.ctx.paths;
    const note = (pid: number, start: string) =>
      JSON.stringify({ pid, start, host: 'h', command: 'gt sling', since: '2026-01-01T00:00:00Z' });
    const self = await town.processes.self();
    await town.files.writeAtomic(`${locksDir}/pool-proj.holder`, note(4_000_000, 'long ago'));
    await town.files.writeAtomic(`${locksDir}/daemon.holder`, note(self.pid, self.start));
    await town.files.writeAtomic(`${locksDir}/config.holder`, '{"pid":');
    const { issues } = await town.clock.drive(checkAgents(town.ctx));
    expect(issues).toMatchObject([
      { type: 'stale', message: expect.stringContaining('lock pool-proj') as unknown },
    ]);
    expect(await fixAgents(town.ctx)).toBe(1);
    expect((await town.files.list(locksDir))?.map(({ name }) => name)).toEqual([
      'config.holder',
      'daemon.holder',
    ]);
  });

  test('finds two agents that would share one session', async () => {
    const rigs = JSON.parse((await town.files.readText('/town/mayor/rigs.json')) ?? '{}') as {
      rigs: Record<string, unknown>;
    };
    rigs.rigs['other'] = { git_url: '/x', beads: { prefix: 'pj-crew' } };
    await town.files.writeAtomic('/town/mayor/rigs.json', JSON.stringify(rigs));
    await town.files.writeAtomic(
      '/town/other/config.json',
      '{"type":"rig","version":1,"name":"other","default_branch":"main"}',
    );
    await town.files.makeDir('/town/proj/crew/ann/.git');
    await town.files.makeDir('/town/other/polecats/ann');
    const { issues } = await town.clock.drive(checkAgents(town.ctx));
    expect(issues.map(({ type, session }) => [type, session])).toEqual([['collision', 'pj-crew-ann']]);
  });
});

describe('state that an agent keeps on its bead', () => {
  const change = async (id: string, more: Partial<StateChange>) =>
    town.ledger.transaction('ann', (tx) =>
      writeState(tx, id, { set: [], increment: [], remove: [], ...more }),
    );

  test('is set, counted and removed, and other labels stay', async () => {
    const { id } = await town.create({ labels: ['gt:agent', 'plain', 'idle:3'] });
    expect(await change(id, { increment: ['idle', 'rounds'], set: ['backoff=30s'] })).toEqual({
      idle: '4',
      rounds: '1',
      backoff: '30s',
    });
    expect(await change(id, { remove: ['idle', 'gt'] })).toEqual({ rounds: '1', backoff: '30s' });
    expect([...(await town.bead(id)).labels].sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'backoff:30s',
      'gt:agent',
      'plain',
      'rounds:1',
    ]);
  });

  test('P15: counted by twenty at once it loses none', async () => {
    const { id } = await town.create();
    await Promise.all(Array.from({ length: 20 }, () => change(id, { increment: ['n'] })));
    expect(stateLabels((await town.bead(id)).labels)).toEqual({ n: '20' });
  });

  test.each([
    { set: ['a'] },
    { set: ['=x'] },
    { set: ['a=b,c'] },
    { set: ['a=b c'] },
    { set: ['gt=agent'] },
    { increment: ['a b'] },
  ])('%j is refused, and nothing is half done', async (more) => {
    const { id } = await town.create({ labels: ['keep:1'] });
    await expect(change(id, more)).rejects.toMatchObject({ code: 'state.bad' });
    expect((await town.bead(id)).labels).toEqual(['keep:1']);
  });
});
