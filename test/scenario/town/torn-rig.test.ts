import { afterEach, beforeEach, expect, test } from 'vitest';
import { heldEverywhere } from '../../../src/hooks/find-hooked.ts';
import { readCapacity } from '../../../src/polecat/read-capacity.ts';
import { listRigs } from '../../../src/rig/registry.ts';
import { rigOfBead } from '../../../src/rig/rig-of-bead.ts';
import { observeSessions } from '../../../src/sessions/observe.ts';
import { planShutdown } from '../../../src/watchdog/shutdown.ts';
import { makeWorkTown, polecatAddress } from '../work/town.ts';
import type { Worker, WorkTown } from '../work/town.ts';

/* A rig whose files cannot be read is not a rig that is not there. */

let town: WorkTown;
let worker: Worker;
let bead: string;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.setTown({ scheduler: { max_polecats: 1 } });
  bead = (await town.create()).id;
  worker = await town.dispatch(bead);
  await town.files.writeAtomic(town.rig.paths.configFile, '{');
});
afterEach(() => town.close());

test('a list that leaves it out says so', async () => {
  const told: string[] = [];
  const rigs = await listRigs({ ...town.ctx, leftOut: ({ name, why }) => told.push(`${name}: ${why}`) });
  expect(rigs).toEqual([]);
  expect(told).toEqual([expect.stringMatching(/^proj: cannot read .*config\.json/)]);
});

test('its agents are told from strangers: they are known, counted and stopped by their role', async () => {
  const address = polecatAddress(worker.name);
  expect(await observeSessions(town.ctx)).toMatchObject([{ session: worker.session, address }]);
  expect(await readCapacity(town.ctx, town.rig)).toMatchObject({ free: false });
  const plan = await planShutdown(town.ctx, { scope: 'polecats', crew: 'keep', dirty: 'keep' });
  expect(plan.sessions).toEqual([worker.session]);
});

test('what its agents hold and where its beads belong is not known, which is not nothing', async () => {
  const broken = { code: 'rig.broken', hint: 'Run: gt doctor' };
  await expect(heldEverywhere(town.ctx, polecatAddress(worker.name))).rejects.toMatchObject(broken);
  await expect(rigOfBead(town.ctx, bead)).rejects.toMatchObject(broken);
});
