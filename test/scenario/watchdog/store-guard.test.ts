import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TownContext } from '../../../src/beads/context.ts';
import type { ProcessIdentity } from '../../../src/ports/processes.ts';
import { markDoltStopped, writeDoltRecord } from '../../../src/town/dolt-record.ts';
import { setTownWanted } from '../../../src/town/wanted.ts';
import { guardStore } from '../../../src/watchdog/store-guard.ts';
import { makeMachine } from '../town/fake-town.ts';
import type { FakeMachine } from '../town/fake-town.ts';

let machine: FakeMachine;
let ctx: TownContext;
let stop: AbortController;
let starts: number;
let answers: number;
/** What a start does; throws when it fails. */
let start: () => Promise<unknown>;

beforeEach(async () => {
  machine = makeMachine();
  await machine.install();
  const { store } = machine.context().ports;
  ctx = machine.context({ store: { ...store, kind: 'dolt' } });
  stop = new AbortController();
  [starts, answers] = [0, 0];
  start = recordServer;
});
afterEach(() => machine.close());

async function recordServer(): Promise<ProcessIdentity> {
  const server = machine.processes.spawn({ argv: ['dolt', 'sql-server'] });
  const record = { running: true, ...server, port: 4406, startedAt: '', dataDir: '', databases: [] };
  await writeDoltRecord(ctx.ports.files, ctx.paths, record);
  return server;
}

/** What the guard does in so many ms. */
async function guardFor(ms: number): Promise<void> {
  const startStore = async (): Promise<void> => {
    starts += 1;
    await start();
  };
  const guard = guardStore(ctx, {
    hands: { startStore },
    onStarted: () => (answers += 1),
    signal: stop.signal,
  });
  await machine.clock.advance(ms);
  stop.abort();
  await guard;
}

test('P4: a server that died is started again within two seconds, and those who wait are told', async () => {
  const server = await recordServer();
  await ctx.ports.processes.signal(server, 'KILL');
  await guardFor(2000);
  expect({ starts, answers }).toEqual({ starts: 1, answers: 1 });
});

test('a server that runs, was stopped, or belongs to a town that is wanted down is left alone', async () => {
  const server = await recordServer();
  await guardFor(5000);
  await setTownWanted(ctx, 'down');
  await ctx.ports.processes.signal(server, 'KILL');
  stop = new AbortController();
  await guardFor(5000);
  await setTownWanted(ctx, 'up');
  await markDoltStopped(ctx.ports.files, ctx.paths);
  stop = new AbortController();
  await guardFor(5000);
  expect(starts).toBe(0);
});

test('P11: a server that cannot be started is tried with growing pauses', async () => {
  const server = await recordServer();
  await ctx.ports.processes.signal(server, 'KILL');
  start = () => Promise.reject(new Error('no space left'));
  await guardFor(600_000);
  expect(starts).toBeGreaterThan(10);
  expect(starts).toBeLessThan(20);
  expect(answers).toBe(0);
});

test('P4: a server that dies whenever it has started is back within ten seconds each time', async () => {
  await ctx.ports.processes.signal(await recordServer(), 'KILL');
  start = async () => {
    await ctx.ports.processes.signal(await recordServer(), 'KILL');
  };
  await guardFor(80_000);
  expect(starts).toBeGreaterThan(10);
  expect(answers).toBe(starts);
});
