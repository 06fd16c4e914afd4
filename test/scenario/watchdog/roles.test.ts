import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAddress } from '../../../src/core/address.ts';
import type { SessionName } from '../../../src/core/names.ts';
import {
  readWanted,
  refineryWanted,
  setAgentWanted,
  setRigWanted,
  setTownWanted,
} from '../../../src/town/wanted.ts';
import type { Hands } from '../../../src/watchdog/hands.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import { startRole, startRoleSession } from '../../../src/watchdog/roles/start.ts';
import type { RoleStart, StartedRole } from '../../../src/watchdog/roles/start.ts';
import { stopRole } from '../../../src/watchdog/roles/stop.ts';
import { makeWorkTown, polecatAddress } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';
import { passesOf } from './daemon-town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const MINUTE = 60_000;
const MAYOR = { role: 'mayor' } as const;
const HQ_MAYOR = 'hq-mayor' as SessionName;
const WITNESS = parseAddress('proj/witness');

const start = (address = parseAddress('mayor'), more: Partial<RoleStart> = {}): Promise<StartedRole> =>
  town.clock.drive(startRoleSession(town.ctx, { address, agent: 'helper', ...more }));
const stop = (address = parseAddress('mayor')) =>
  town.clock.drive(stopRole(town.ctx, address, { reason: 'test' }));
const kindOf = async (session: SessionName): Promise<string> => (await town.panes.observe(session)).kind;
const spawnOf = async (session: SessionName): Promise<number> => {
  const seen = await town.panes.observe(session);
  return 'state' in seen ? seen.state.spawn : 0;
};

/** Sessions that were started, one entry per start. */
function countStarts(): string[] {
  const starts: string[] = [];
  town.panes.onBoot(({ session, spawn }) => starts.push(`${session}#${spawn}`));
  return starts;
}

describe('the mayor', () => {
  test('P3: is started without a word, so that no model works before somebody speaks', async () => {
    expect(await start()).toMatchObject({ session: HQ_MAYOR, how: 'started', spawn: 1 });
    expect(town.panes.started(HQ_MAYOR)?.prompt).toBeUndefined();
    expect(town.panes.started(HQ_MAYOR)?.argv.join(' ')).not.toContain('GAS TOWN');
    expect(await start()).toMatchObject({ how: 'already', spawn: 1 });
  });

  test('restarted, it is another session', async () => {
    await start();
    expect(await start(MAYOR, { fresh: true })).toMatchObject({ how: 'started', spawn: 2 });
  });

  test('P10: stopped, it stays stopped, whatever the daemon finds and however often it looks', async () => {
    await start();
    expect(await stop()).toMatchObject({ wasRunning: true });
    const starts = countStarts();
    await passesOf(town).run(20, MINUTE);
    expect(starts).toEqual([]);
    expect((await readWanted(town.ctx)).agents).toEqual({ 'mayor/': 'down' });
    expect(await stop()).toMatchObject({ wasRunning: false });
    expect(await start()).toMatchObject({ how: 'started', spawn: 2 });
  });

  test('P10: that it is wanted down is written before it ends', async () => {
    await start();
    const { panes } = town.ctx.ports;
    let wanted: unknown;
    const watching = {
      ...panes,
      stop: async (session: SessionName, waitMs: number) => {
        wanted = (await readWanted(town.ctx)).agents['mayor/'];
        return panes.stop(session, waitMs);
      },
    };
    const ctx = { ...town.ctx, ports: { ...town.ctx.ports, panes: watching } };
    await town.clock.drive(stopRole(ctx, MAYOR, { reason: 'test' }));
    expect(wanted).toBe('down');
  });

  test('a start that slipped through is stopped at the next look', async () => {
    await start();
    await setAgentWanted(town.ctx, MAYOR, 'down');
    await passesOf(town).pass();
    expect(await kindOf(HQ_MAYOR)).toBe('exited');
  });

  test('that dies is started again, as it was, with the next number; a new daemon takes the live one as it is', async () => {
    await start();
    town.panes.killHost(HQ_MAYOR);
    await passesOf(town).pass();
    expect(await kindOf(HQ_MAYOR)).toBe('live');
    expect(await spawnOf(HQ_MAYOR)).toBe(2);
    expect(town.panes.started(HQ_MAYOR)?.runtime).toBe('helper');
    const starts = countStarts();
    await passesOf(town).run(3, MINUTE);
    expect(starts).toEqual([]);
  });

  test('that a person has left, or that ended with its town, is not brought back', async () => {
    await start();
    town.panes.show(HQ_MAYOR, 'idle');
    town.panes.exit(HQ_MAYOR, { code: 0 });
    const starts = countStarts();
    await passesOf(town).run(3, MINUTE);
    await start();
    await town.clock.drive(town.panes.stop(HQ_MAYOR, 0));
    await passesOf(town).run(3, MINUTE);
    expect(starts).toEqual(['hq-mayor#2']);
  });

  test('P1: whose state cannot be read is left alone', async () => {
    await start();
    town.panes.breakState(HQ_MAYOR, 'bad JSON');
    const starts = countStarts();
    await passesOf(town).pass();
    expect(starts).toEqual([]);
    await setAgentWanted(town.ctx, MAYOR, 'down');
    await passesOf(town).pass();
    town.panes.breakState(HQ_MAYOR, undefined);
    expect(await kindOf(HQ_MAYOR)).toBe('live');
  });

  test('P11: that dies again and again is started ever more rarely, and one alert says so', async () => {
    await start();
    const starts = countStarts();
    town.panes.onBoot(({ session, spawn }) => {
      starts.push(`${session}#${spawn}`);
      town.panes.killHost(session);
    });
    town.panes.killHost(HQ_MAYOR);
    await passesOf(town).run(120, MINUTE / 2);
    expect(starts.length).toBeGreaterThan(5);
    expect(starts.length).toBeLessThan(14);
    const alerts = await town.hq.list({ labels: ['gt:escalation'], notStatus: ['closed'] });
    expect(alerts.map(({ title }) => title)).toEqual([expect.stringContaining('mayor/ does not stay up')]);
  });
});

describe('a role whose work is code', () => {
  test('P3: is started without a model: the daemon does it', async () => {
    const started = await town.clock.drive(startRole(town.ctx, { address: WITNESS }));
    expect(started).toEqual({ daemon: { running: false } });
    expect(await town.panes.list()).toEqual([]);
    expect((await readWanted(town.ctx)).agents).toEqual({});
  });

  test('gets an agent on top of it by name, which is told to make its round', async () => {
    await start(WITNESS);
    const { argv, prompt } = town.panes.started('pj-witness' as SessionName) ?? {};
    expect(`${argv?.join(' ')} ${prompt}`).toContain('witness of proj <- overseer');
    expect((await readWanted(town.ctx)).agents).toEqual({ 'proj/witness': 'up' });
  });

  test('the merge engine of a rig goes off and on', async () => {
    const isOn = async () => refineryWanted(await readWanted(town.ctx), town.rig.name);
    const refinery = parseAddress('proj/refinery');
    expect(await isOn()).toBe(true);
    await stop(refinery);
    expect(await isOn()).toBe(false);
    await town.clock.drive(startRole(town.ctx, { address: refinery }));
    expect(await isOn()).toBe(true);
  });
});

describe('a worker', () => {
  async function working() {
    const worker = await town.dispatch((await town.create()).id);
    await worker.begin();
    return worker;
  }

  test('P10: stopped, it keeps its work and stays down until it is started: same worktree, next number', async () => {
    const worker = await working();
    await worker.write('half.txt', 'half done');
    const address = polecatAddress(worker.name);
    await stop(address);
    const starts = countStarts();
    await passesOf(town).run(10, MINUTE);
    expect(starts).toEqual([]);
    expect((await town.ledger.list({ status: ['in_progress'] })).map(({ assignee }) => assignee)).toEqual([
      `proj/polecats/${worker.name}`,
    ]);
    expect(await start(address)).toMatchObject({ how: 'started', spawn: 2 });
    expect(town.panes.started(worker.session)?.cwd).toBe(worker.worktree);
    expect(await town.files.readText(`${worker.worktree}/half.txt`)).toBe('half done');
    expect((await readWanted(town.ctx)).agents).toEqual({});
  });

  test('that holds nothing is not started', async () => {
    const worker = await working();
    await stop(polecatAddress(worker.name));
    const [bead] = await town.ledger.list({ status: ['in_progress'] });
    await town.ledger.transaction('ann', (tx) =>
      tx.close(bead?.id ?? '', { reason: 'done elsewhere', force: true }),
    );
    await expect(start(polecatAddress(worker.name))).rejects.toMatchObject({ code: 'polecat.no-work' });
  });

  test('new work is the wish that it runs', async () => {
    const worker = await working();
    const address = polecatAddress(worker.name);
    await stop(address);
    const [bead] = await town.ledger.list({ status: ['in_progress'] });
    await town.ledger.transaction('ann', (tx) =>
      tx.close(bead?.id ?? '', { reason: 'done elsewhere', force: true }),
    );
    const next = await town.create();
    expect(await town.sling([next.id, `proj/polecats/${worker.name}`])).toMatchObject([
      { kind: 'dispatched' },
    ]);
    const stops = await passesOf(town).pass();
    expect(stops.outcomes).toEqual([]);
    expect(await kindOf(worker.session)).toBe('live');
  });
});

describe('nothing is started', () => {
  test('in a town that was taken down', async () => {
    await setTownWanted(town.ctx, 'down');
    await expect(start()).rejects.toMatchObject({ code: 'town.down' });
  });

  test('in a rig that is parked', async () => {
    await setRigWanted(town.ctx, 'proj', 'down');
    await expect(start(WITNESS)).rejects.toMatchObject({ code: 'rig.parked' });
  });

  test('and a start that fails leaves no wish behind for the daemon to fail on for ever', async () => {
    await expect(start(MAYOR, { agent: 'nobody' })).rejects.toThrow();
    expect((await readWanted(town.ctx)).agents).toEqual({});
  });
});

describe('P10: what a person does while a look is under way holds: an agent that is started', () => {
  beforeEach(async () => {
    const { id } = await town.create();
    const { session } = await town.dispatch(id);
    town.panes.show(session, 'idle');
    town.panes.exit(session, { code: 1 });
  });

  /** Somebody acts while the daemon is busy with the worker that has died; what it does afterwards is real. */
  async function lookWhile(act: () => Promise<unknown>): Promise<void> {
    const real = createHands(town.ctx);
    let isFirst = true;
    const respawn: Hands['respawn'] = async (...task) => {
      if (!isFirst) return real.respawn(...task);
      isFirst = false;
      await act();
      return { kind: 'skipped', why: 'busy' };
    };
    await passesOf(town, { respawn }).pass();
  }

  test('is not stopped for what the look began with', async () => {
    await setAgentWanted(town.ctx, MAYOR, 'down');
    await lookWhile(() => startRoleSession(town.ctx, { address: MAYOR, agent: 'helper' }));
    expect(await kindOf(HQ_MAYOR)).toBe('live');
  });

  test('… or one that is stopped is not started', async () => {
    const { id } = await town.create();
    const { name, session } = await town.dispatch(id);
    town.panes.show(session, 'idle');
    town.panes.exit(session, { code: 1 });
    const starts = countStarts();
    await lookWhile(() => setAgentWanted(town.ctx, polecatAddress(name), 'down'));
    expect(starts).toEqual([]);
  });

  test('is not stopped either when it is a worker', async () => {
    const { id } = await town.create();
    const { name, session } = await town.dispatch(id);
    const address = polecatAddress(name);
    await setAgentWanted(town.ctx, address, 'down');
    await lookWhile(async () => {
      await stopRole(town.ctx, address, { reason: 'test' });
      await startRoleSession(town.ctx, { address });
    });
    expect(await kindOf(session)).toBe('live');
  });
});
