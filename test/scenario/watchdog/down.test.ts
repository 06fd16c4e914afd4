import { afterEach, beforeEach, expect, test } from 'vitest';
import { PLAIN } from '../../../src/cli/style.ts';
import { readWanted } from '../../../src/town/wanted.ts';
import { renderUp } from '../../../src/ui/text/up.ts';
import { runDown } from '../../../src/watchdog/down.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import { listSurvivors } from '../../../src/watchdog/survivors.ts';
import { runUp } from '../../../src/watchdog/up.ts';
import { writeShuttingDown } from '../../../src/watchdog/shutting-down.ts';
import { makeWorkTown } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';
import { passesOf } from './daemon-town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const down = () => town.clock.drive(runDown(town.ctx, createHands(town.ctx)));

test('P10: down ends every session, and nothing comes back in ten minutes of passes', async () => {
  const beads = [await town.create(), await town.create(), await town.create()];
  for (const { id } of beads) await (await town.dispatch(id)).begin();
  const report = await down();
  expect(report.sessions).toHaveLength(3);
  expect(report).toMatchObject({ survivors: [], troubles: [] });
  await passesOf(town).run(20, 30_000);
  expect(await listSurvivors(town.ctx)).toEqual([]);
  for (const { id } of beads) expect(await town.bead(id)).toMatchObject({ status: 'in_progress' });
});

test('P10: a second down finds nothing to do and says so', async () => {
  await (await town.dispatch((await town.create()).id)).begin();
  await down();
  expect(await down()).toEqual({
    sessions: [],
    daemonPid: undefined,
    storePid: undefined,
    survivors: [],
    troubles: [],
  });
});

test('names the daemon that ended by itself as soon as the town was wanted down', async () => {
  const daemon = await town.ctx.ports.locks.acquire('daemon', { waitMs: 0, purpose: 'test' });
  const { pid } = await town.ctx.ports.processes.self();
  const hands = createHands(town.ctx);
  const worker = await town.dispatch((await town.create()).id);
  await worker.begin();
  const stopSession = async (session: Parameters<typeof hands.stopSession>[0]): Promise<void> => {
    await daemon[Symbol.asyncDispose]();
    await hands.stopSession(session);
  };
  const report = await town.clock.drive(runDown(town.ctx, { ...hands, stopSession }));
  expect(report).toMatchObject({ daemonPid: pid, survivors: [], troubles: [] });
});

test('P10: two at the same time do not disturb each other', async () => {
  await (await town.dispatch((await town.create()).id)).begin();
  const reports = await town.clock.drive(
    Promise.all([runDown(town.ctx, createHands(town.ctx)), runDown(town.ctx, createHands(town.ctx))]),
  );
  expect(reports.map(({ survivors, troubles }) => [survivors, troubles])).toEqual([
    [[], []],
    [[], []],
  ]);
  expect(reports.flatMap(({ sessions }) => sessions)).toHaveLength(1);
});

test('P10: what does not end is named with its pid', async () => {
  const worker = await town.dispatch((await town.create()).id);
  await worker.begin();
  const hands = {
    ...createHands(town.ctx),
    stopSession: async () => Promise.reject(new Error('it ignores KILL')),
  };
  const report = await town.clock.drive(runDown(town.ctx, hands));
  expect(report.troubles.join()).toContain('it ignores KILL');
  expect(report.survivors.map(({ what }) => what)).toEqual(
    expect.arrayContaining([`pane host of ${worker.session}`, `agent of ${worker.session}`]) as unknown,
  );
  expect(report.survivors.every(({ pid }) => pid > 0)).toBe(true);
});

test('P10: the wanted state is down before the first session ends', async () => {
  await (await town.dispatch((await town.create()).id)).begin();
  let wanted = '';
  const real = createHands(town.ctx);
  const hands = {
    ...real,
    stopSession: async (session: Parameters<typeof real.stopSession>[0]) => {
      wanted = (await readWanted(town.ctx)).town;
      await real.stopSession(session);
    },
  };
  await town.clock.drive(runDown(town.ctx, hands));
  expect(wanted).toBe('down');
});

test('a down that was killed leaves no obstacle: its marker counts only while it lives', async () => {
  await writeShuttingDown({
    ...town.ctx,
    ports: {
      ...town.ctx.ports,
      processes: { ...town.processes, self: async () => ({ pid: 4242, start: 'gone' }) },
    },
  });
  const services = await town.clock.drive(runUp(town.ctx));
  expect(services.find(({ type }) => type === 'store')).toMatchObject({ ok: true });
  await writeShuttingDown(town.ctx);
  await expect(town.clock.drive(runUp(town.ctx))).rejects.toMatchObject({ code: 'town.shutting-down' });
});

test('P10: up clears the wanted state', async () => {
  await down();
  await town.clock.drive(runUp(town.ctx));
  expect((await readWanted(town.ctx)).town).toBe('up');
});

test('D6: agents nobody has asked for are on demand, which is no failure and no line for people', async () => {
  const services = await town.clock.drive(runUp(town.ctx));
  expect(services).toContainEqual({ name: 'mayor', type: 'agent', ok: true, detail: 'on demand' });
  expect(renderUp(services, { paint: PLAIN, quiet: false })).not.toContain('mayor');
});

test('up whose daemon cannot start says so and names the log', async () => {
  const services = await town.clock.drive(runUp(town.ctx));
  expect(services.find(({ type }) => type === 'daemon')).toMatchObject({ ok: false });
});
