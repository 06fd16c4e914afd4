import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TownContext } from '../../../src/beads/context.ts';
import type { SessionName } from '../../../src/core/names.ts';
import type { TickReport } from '../../../src/refinery/report.ts';
import { tickRefinery } from '../../../src/refinery/tick.ts';
import { setTownWanted } from '../../../src/town/wanted.ts';
import { wakeDaemon } from '../../../src/town/wake.ts';
import { createCodeWatch } from '../../../src/watchdog/code-watch.ts';
import { runDaemon } from '../../../src/watchdog/daemon.ts';
import type { DaemonDeps, DaemonEnd } from '../../../src/watchdog/daemon.ts';
import { askDaemon } from '../../../src/watchdog/daemon-control.ts';
import { readDaemonStatus } from '../../../src/watchdog/daemon-status.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import { ROOT, makeMachine } from '../town/fake-town.ts';
import type { FakeMachine } from '../town/fake-town.ts';
import { addFakeRig } from './daemon-town.ts';

const HOUR = 3_600_000;

let machine: FakeMachine;
let ctx: TownContext;
let stop: AbortController;
beforeEach(async () => {
  machine = makeMachine();
  await machine.install();
  ctx = machine.context();
  stop = new AbortController();
});
afterEach(() => machine.close());

/** A daemon at work; `end` waits for it while time goes on. */
async function startDaemon(deps: Partial<DaemonDeps> = {}) {
  const running = runDaemon(ctx, {
    signal: stop.signal,
    hands: createHands(ctx),
    tick: tickRefinery,
    drawBars: () => ({}),
    code: { isNew: async () => false },
    ...deps,
  });
  running.catch(() => undefined);
  await machine.clock.advance(1);
  return { running, end: (): Promise<DaemonEnd> => machine.clock.drive(running) };
}

async function stopDaemon(daemon: { end(): Promise<DaemonEnd> }): Promise<void> {
  stop.abort();
  expect(await daemon.end()).toBe('told');
}

const IDLE: TickReport = {
  rig: 'x',
  state: 'idle',
  landed: [],
  evicted: [],
  conflicts: [],
  runs: 0,
  waiting: [],
  warnings: [],
  untested: false,
  retryAt: undefined,
};

test('P3: an idle town with three rigs for 24 hours: no prompt, no session, no subprocess', async () => {
  await addFakeRig(machine, 'alpha', 'al');
  await addFakeRig(machine, 'bravo', 'br');
  await addFakeRig(machine, 'carol', 'ca');
  const daemon = await startDaemon();
  const calls = machine.processes.calls.length;
  await machine.clock.advance(24 * HOUR);
  expect(machine.processes.calls.length).toBe(calls);
  expect(await machine.panes.list()).toEqual([]);
  expect(await machine.ports.tmux.sessions()).toEqual([]);
  const status = await readDaemonStatus(ctx);
  expect(status).toMatchObject({ running: true });
  expect(status.running && status.heartbeats).toBeGreaterThan(2000);
  await stopDaemon(daemon);
}, 300_000);

test('there is one daemon: the second is refused with the pid of the first', async () => {
  const daemon = await startDaemon();
  await expect(
    machine.clock.drive(
      runDaemon(ctx, {
        signal: stop.signal,
        hands: createHands(ctx),
        tick: tickRefinery,
        drawBars: () => ({}),
        code: { isNew: async () => false },
      }),
    ),
  ).rejects.toMatchObject({
    code: 'daemon.running',
    message: expect.stringContaining('pid 1000') as unknown,
  });
  await stopDaemon(daemon);
  expect(await readDaemonStatus(ctx)).toEqual({ running: false });
});

test('its files are those of the Go gt', async () => {
  const daemon = await startDaemon();
  expect(await machine.files.readText(`${ROOT}/daemon/daemon.pid`)).toMatch(/^1000\n[0-9a-f]{16}$/);
  const state = JSON.parse((await machine.files.readText(`${ROOT}/daemon/state.json`)) ?? '') as unknown;
  expect(state).toMatchObject({ running: true, pid: 1000, heartbeat_count: expect.any(Number) as unknown });
  await stopDaemon(daemon);
  expect(JSON.parse((await machine.files.readText(`${ROOT}/daemon/state.json`)) ?? '')).toMatchObject({
    running: false,
  });
});

test('P16: thirty status bars cost it one look', async () => {
  let looks = 0;
  const daemon = await startDaemon({
    drawBars: () => {
      looks += 1;
      return { 'hq-mayor': 'all well |' };
    },
  });
  const ask = () => machine.ports.ipc.request(ctx.paths.daemonSocket, { op: 'bars' }, 1000);
  for (let bar = 0; bar < 30; bar += 1)
    expect(await machine.clock.drive(ask())).toMatchObject({ bars: { 'hq-mayor': 'all well |' } });
  expect(looks).toBe(1);
  await machine.clock.advance(5000);
  await machine.clock.drive(ask());
  expect(looks).toBe(2);
  await stopDaemon(daemon);
});

describe('it ends', () => {
  test('when it is told over its socket', async () => {
    const daemon = await startDaemon();
    await askDaemon(ctx, { op: 'stop' });
    expect(await daemon.end()).toBe('told');
  });

  test('P10: when the town is wanted down, at its next look, having stopped the sessions', async () => {
    const daemon = await startDaemon();
    await liveSession('hq-mayor');
    await setTownWanted(ctx, 'down');
    await machine.clock.advance(31_000);
    expect(await daemon.end()).toBe('wanted-down');
    expect((await machine.panes.observe('hq-mayor' as SessionName)).kind).not.toBe('live');
  });

  test('P3: when the town is removed, within one tick, and its agents with it', async () => {
    const host = await liveSession('hq-mayor');
    const daemon = await startDaemon();
    await machine.files.remove(ROOT);
    await machine.clock.advance(31_000);
    expect(await daemon.end()).toBe('town-gone');
    expect(await machine.processes.isAlive(host)).toBe(false);
    expect(await machine.files.stat(`${ROOT}/mayor`)).toBeUndefined();
  });

  test('P3: when the town is moved away', async () => {
    const host = await liveSession('hq-mayor');
    const daemon = await startDaemon();
    await machine.files.rename(ROOT, '/elsewhere');
    await machine.clock.advance(31_000);
    expect(await daemon.end()).toBe('town-gone');
    expect(await machine.processes.isAlive(host)).toBe(false);
  });

  test('when another town was made at its place, whose sessions it leaves alone', async () => {
    const daemon = await startDaemon();
    await machine.clock.advance(5000);
    await machine.files.remove(ROOT);
    await machine.install();
    const theirs = await liveSession('hq-deacon');
    await machine.clock.advance(31_000);
    expect(await daemon.end()).toBe('town-gone');
    expect(await machine.processes.isAlive(theirs)).toBe(true);
  });
});

/** A session of some agent, at its prompt. Returns its host. */
async function liveSession(name: string) {
  const session = name as SessionName;
  await machine.panes.prepare({
    session,
    spawn: 1,
    argv: ['agent'],
    env: {},
    cwd: '/',
    runtime: 'agent',
    rules: {
      readyDelayMs: 0,
      ready: 'once',
      busyPatterns: [],
      limitPatterns: [],
      dialogs: [],
      queuesWhileBusy: false,
    },
  });
  return machine.panes.boot(session);
}

test('P1: a pane host that is killed is noticed within seconds, once', async () => {
  await addFakeRig(machine, 'alpha', 'al');
  let passes = 0;
  const hands = { ...createHands(ctx), closeConvoys: async () => (passes += 1) * 0 };
  await liveSession('hq-mayor');
  const daemon = await startDaemon({ hands });
  await machine.clock.advance(5000);
  const before = passes;
  machine.panes.killHost('hq-mayor' as SessionName);
  await machine.clock.advance(10_000);
  expect(passes).toBe(before + 1);
  await stopDaemon(daemon);
});

describe('a wake', () => {
  test('makes it look at once instead of at its next tick', async () => {
    await addFakeRig(machine, 'alpha', 'al');
    let looks = 0;
    const hands = {
      ...createHands(ctx),
      dispatchQueue: async () => ({ dispatched: 0, waiting: (looks += 1) * 0 }),
    };
    const daemon = await startDaemon({ hands });
    const before = looks;
    expect(await machine.clock.drive(wakeDaemon(ctx, 'sling'))).toBe(true);
    await machine.clock.advance(10);
    expect(looks).toBe(before + 1);
    await stopDaemon(daemon);
  });

  test('without a daemon is no error', async () => {
    expect(await machine.clock.drive(wakeDaemon(ctx, 'done'))).toBe(false);
  });

  test('a pass asked for is answered when it is over', async () => {
    let over = false;
    const hands = {
      ...createHands(ctx),
      closeConvoys: async () => {
        await machine.clock.sleep(500);
        over = true;
        return 0;
      },
    };
    const daemon = await startDaemon({ hands });
    await machine.clock.advance(1000);
    over = false;
    const asked = askDaemon(ctx, { op: 'pass' }, 60_000).then(() => over);
    expect(await machine.clock.drive(asked)).toBe(true);
    await stopDaemon(daemon);
  });
});

describe('merge engines', () => {
  test('one runs per rig; what it lands makes the daemon look for ready beads at once', async () => {
    await addFakeRig(machine, 'alpha', 'al');
    let dispatches = 0;
    const hands = {
      ...createHands(ctx),
      dispatchQueue: async () => ({ dispatched: 0, waiting: (dispatches += 1) * 0 }),
    };
    const landed = {
      mr: 'al-1',
      issue: undefined,
      branch: 'b',
      commit: 'c',
    } as unknown as TickReport['landed'][number];
    let isFirst = true;
    const daemon = await startDaemon({
      hands,
      tick: async () => {
        const report = isFirst ? { ...IDLE, state: 'done' as const, landed: [landed] } : IDLE;
        isFirst = false;
        return report;
      },
    });
    await machine.clock.advance(100);
    expect(dispatches).toBe(2);
    await stopDaemon(daemon);
  });

  test('one that hangs keeps neither the daemon nor another rig waiting, and stops when told', async () => {
    await addFakeRig(machine, 'alpha', 'al');
    await addFakeRig(machine, 'bravo', 'br');
    const ticks: string[] = [];
    const daemon = await startDaemon({
      tick: async (_ctx, rig, { signal }) => {
        ticks.push(rig.name);
        if (rig.name === 'alpha') await machine.clock.sleep(24 * HOUR, signal);
        return IDLE;
      },
    });
    await machine.clock.advance(5 * 60_000);
    expect(ticks.filter((name) => name === 'alpha')).toHaveLength(1);
    expect(ticks.filter((name) => name === 'bravo').length).toBeGreaterThan(5);
    const view = await machine.clock.drive(askDaemon(ctx, { op: 'status' }));
    expect(view?.engines).toMatchObject([
      { rig: 'alpha', state: 'working' },
      { rig: 'bravo', state: 'idle' },
    ]);
    await stopDaemon(daemon);
  });

  test('P11: one that always fails is tried with growing pauses and says why', async () => {
    await addFakeRig(machine, 'alpha', 'al');
    let ticks = 0;
    const daemon = await startDaemon({
      tick: async () => {
        ticks += 1;
        throw new Error('settings make no sense');
      },
    });
    await machine.clock.advance(10 * HOUR);
    expect(ticks).toBeLessThan(70);
    const view = await machine.clock.drive(askDaemon(ctx, { op: 'status' }));
    expect(view?.engines).toMatchObject([
      { rig: 'alpha', state: 'failing', waiting: ['settings make no sense'] },
    ]);
    await stopDaemon(daemon);
  });

  test('a rig that is added gets an engine, one that is parked loses it', async () => {
    const daemon = await startDaemon({ tick: async () => IDLE });
    await addFakeRig(machine, 'alpha', 'al');
    await wakeDaemon(ctx, 'config');
    await machine.clock.advance(100);
    expect((await askDaemon(ctx, { op: 'status' }))?.engines).toHaveLength(1);
    await machine.files.writeAtomic(`${ROOT}/daemon/wanted.json`, '{"rigs":{"alpha":"down"}}');
    await wakeDaemon(ctx, 'config');
    await machine.clock.advance(100);
    expect((await askDaemon(ctx, { op: 'status' }))?.engines).toHaveLength(0);
    await stopDaemon(daemon);
  });
});

test('a pass that fails does not end the daemon; it says so and goes on', async () => {
  const daemon = await startDaemon();
  await machine.files.writeAtomic(`${ROOT}/daemon/wanted.json`, '{"half');
  await machine.clock.advance(31_000);
  expect((await askDaemon(ctx, { op: 'status' }))?.troubles.join()).toContain('wanted.json');
  await machine.files.writeAtomic(`${ROOT}/daemon/wanted.json`, '{}');
  await machine.clock.advance(61_000);
  expect((await askDaemon(ctx, { op: 'status' }))?.troubles).toEqual([]);
  await stopDaemon(daemon);
});

test.each([
  ['a full disk', ROOT, 'ENOSPC', 'cannot write'],
  ['a disk that cannot be read', `${ROOT}/mayor`, 'EIO', 'cannot read'],
] as const)('%s does not end the daemon; it says so and goes on', async (_what, path, code, trouble) => {
  const daemon = await startDaemon();
  machine.files.disk.break(path, code);
  await machine.clock.advance(10 * 60_000);
  expect((await askDaemon(ctx, { op: 'status' }))?.troubles.join()).toContain(trouble);
  machine.files.disk.repair(path);
  await machine.clock.advance(61_000);
  expect(await askDaemon(ctx, { op: 'status' })).toMatchObject({ troubles: [] });
  await stopDaemon(daemon);
});

describe('new code on disk', () => {
  const watchOf = (mark: () => string) => createCodeWatch(async () => mark(), machine.clock);

  test('ends the daemon between two passes, when the files have stood still', async () => {
    let mark = 'old';
    const daemon = await startDaemon({ code: await watchOf(() => mark) });
    await machine.clock.advance(5 * 60_000);
    mark = 'half';
    await machine.clock.advance(61_000);
    mark = 'new';
    expect(await readDaemonStatus(ctx)).toMatchObject({ running: true });
    expect(await daemon.end()).toBe('new-code');
    expect(await readDaemonStatus(ctx)).toEqual({ running: false });
  });

  test('is no news when the files are again what they were', async () => {
    let mark = 'old';
    const daemon = await startDaemon({ code: await watchOf(() => mark) });
    mark = 'other branch';
    await machine.clock.advance(61_000);
    mark = 'old';
    await machine.clock.advance(HOUR);
    expect(await readDaemonStatus(ctx)).toMatchObject({ running: true });
    await stopDaemon(daemon);
  });

  test('waits for a gate that runs, but not for ever', async () => {
    await addFakeRig(machine, 'alpha', 'al');
    const tick: DaemonDeps['tick'] = (_ctx, _rig, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(IDLE)));
    let mark = 'old';
    const daemon = await startDaemon({ tick, code: await watchOf(() => mark) });
    await machine.clock.advance(61_000);
    mark = 'new';
    await machine.clock.advance(10 * 60_000);
    expect(await readDaemonStatus(ctx)).toMatchObject({ running: true });
    expect(await daemon.end()).toBe('new-code');
  });
});
