import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatAddress } from '../../../src/core/address.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { changeRigProperty } from '../../../src/rig/write-property.ts';
import { readWanted, refineryWanted, rigClosed, setTownWanted } from '../../../src/town/wanted.ts';
import { closeRig, openRig, restartRig, startRig, stopRig } from '../../../src/watchdog/rig-doors.ts';
import { listRigRows } from '../../../src/watchdog/rig-rows.ts';
import { runUp } from '../../../src/watchdog/up.ts';
import { makeWorkTown, polecatAddress } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';
import { passesOf } from './daemon-town.ts';

const MINUTE = 60_000;
const RIG_BEAD = 'pj-rig-proj';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.ledger.transaction('x', (tx) => tx.create({ id: RIG_BEAD, title: 'Rig', type: 'rig' }));
});
afterEach(() => town.close());

const drive = <T>(work: Promise<T>): Promise<T> => town.clock.drive(work);
const kindOf = async (session: SessionName): Promise<string> => (await town.panes.observe(session)).kind;
const statusOf = async (): Promise<unknown> => (await listRigRows(town.ctx))[0]?.status;

/** What another machine wrote, as it comes with a pull. */
async function pulled(labels: readonly string[]): Promise<void> {
  const before = (await town.bead(RIG_BEAD)).labels;
  await town.ledger.transaction('x', async (tx) => {
    for (const label of before) await tx.removeLabel(RIG_BEAD, label);
    for (const label of labels) await tx.addLabel(RIG_BEAD, label);
  });
}

test('P10: parked, its worker stops, keeps its work and goes on with it when the rig is opened', async () => {
  const { id } = await town.create();
  const { session, name } = await town.dispatch(id);
  const { stopped } = await drive(closeRig(town.ctx, town.rig, 'parked'));
  expect(stopped).toEqual([session]);
  await passesOf(town).run(10, MINUTE);
  expect(await kindOf(session)).not.toBe('live');
  expect(await statusOf()).toBe('parked');
  expect(refineryWanted(await readWanted(town.ctx), town.rig.name)).toBe(false);
  expect(await town.bead(id)).toMatchObject({ assignee: formatAddress(polecatAddress(name)) });
  await drive(openRig(town.ctx, town.rig, 'parked'));
  await passesOf(town).run(3, MINUTE);
  expect(await kindOf(session)).toBe('live');
  expect(await statusOf()).toBe('operational');
});

test('docked on another machine, the rig is closed here with the next full look, and opened with it', async () => {
  const { id } = await town.create();
  const { session } = await town.dispatch(id);
  const passes = passesOf(town, {}, { full: true });
  await pulled(['status:docked']);
  await passes.run(10, MINUTE);
  expect(await statusOf()).toBe('docked');
  expect(await kindOf(session)).not.toBe('live');
  await pulled([]);
  await passes.run(10, MINUTE);
  expect(await statusOf()).toBe('operational');
  expect(await kindOf(session)).toBe('live');
});

test('a ledger that does not answer opens no rig and closes none', async () => {
  await drive(closeRig(town.ctx, town.rig, 'docked'));
  const ledgers = { ...town.ctx.ledgers, open: () => Promise.reject(new Error('gone')) };
  await setTownWanted(town.ctx, 'down');
  await drive(runUp({ ...town.ctx, ledgers }).catch(() => undefined));
  expect(await statusOf()).toBe('docked');
});

test('gt rig config says and shows the same as gt rig park', async () => {
  const set = (text: string) =>
    changeRigProperty(town.ctx, town.rig, { name: 'status', where: 'here', how: { do: 'set', text } });
  await set('parked');
  expect(await statusOf()).toBe('parked');
  await expect(set('docked')).rejects.toMatchObject({ code: 'config.bad-value' });
  await drive(openRig(town.ctx, town.rig, 'parked'));
  expect(await statusOf()).toBe('operational');
});

test('what this machine says of itself counts before what is said to all, until the rig is docked anew', async () => {
  await drive(closeRig(town.ctx, town.rig, 'docked'));
  await changeRigProperty(town.ctx, town.rig, {
    name: 'status',
    where: 'here',
    how: { do: 'set', text: 'operational' },
  });
  expect(rigClosed(await readWanted(town.ctx), 'proj')).toBeUndefined();
  await drive(closeRig(town.ctx, town.rig, 'docked'));
  expect(await statusOf()).toBe('docked');
});

test('an open that does not open says what still closes the rig, and how to go on', async () => {
  await drive(closeRig(town.ctx, town.rig, 'docked'));
  await expect(openRig(town.ctx, town.rig, 'parked')).rejects.toMatchObject({
    code: 'rig.parked',
    hint: 'Run: gt rig undock proj',
  });
  await drive(openRig(town.ctx, town.rig, 'docked'));
  await town.setTown({ rig_defaults: { status: 'parked' } });
  await expect(openRig(town.ctx, town.rig, 'parked')).rejects.toMatchObject({
    hint: expect.stringContaining('gt rig config set proj status operational') as unknown,
  });
});

test('stopped, engine and workers rest until the rig is started, and work is still taken', async () => {
  const { id } = await town.create();
  const { session } = await town.dispatch(id);
  await drive(stopRig(town.ctx, town.rig, { force: true, reason: 'test' }));
  await passesOf(town).run(10, MINUTE);
  expect(await kindOf(session)).not.toBe('live');
  expect(refineryWanted(await readWanted(town.ctx), town.rig.name)).toBe(false);
  const next = await town.create();
  expect(await town.sling([next.id])).toMatchObject([{ kind: 'dispatched' }]);
  await drive(startRig(town.ctx, town.rig));
  await passesOf(town).run(3, MINUTE);
  expect(await kindOf(session)).toBe('live');
  expect(refineryWanted(await readWanted(town.ctx), town.rig.name)).toBe(true);
});

test('a parked rig is not restarted either, and nothing of it is told to stop', async () => {
  await drive(closeRig(town.ctx, town.rig, 'parked'));
  const how = { force: true, reason: 'test' };
  await expect(restartRig(town.ctx, town.rig, how)).rejects.toMatchObject({ code: 'rig.parked' });
  expect((await readWanted(town.ctx)).agents).toEqual({});
});

test('a parked rig is not started', async () => {
  await drive(closeRig(town.ctx, town.rig, 'parked'));
  await expect(startRig(town.ctx, town.rig)).rejects.toMatchObject({
    code: 'rig.parked',
    hint: 'Run: gt rig unpark proj',
  });
});
