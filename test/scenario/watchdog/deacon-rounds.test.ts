import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findTarget } from '../../../src/sessions/target.ts';
import { startAgent } from '../../../src/sessions/start-agent.ts';
import {
  beatDeacon,
  pauseDeacon,
  readBeat,
  readPause,
  resumeDeacon,
} from '../../../src/watchdog/deacon-rounds.ts';
import { checkHealth, readHealthState } from '../../../src/watchdog/health-check.ts';
import { makeWorkTown } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

describe('rounds of a deacon agent', () => {
  test('are counted, and refused while a person has paused them', async () => {
    await beatDeacon(town.ctx, 'looked around');
    expect(await beatDeacon(town.ctx, 'again')).toMatchObject({ cycle: 2, lastAction: 'again' });
    await pauseDeacon(town.ctx, 'too loud');
    await expect(beatDeacon(town.ctx, 'third')).rejects.toMatchObject({
      code: 'deacon.paused',
      message: 'the deacon is paused by overseer: too loud',
    });
    expect(await readBeat(town.ctx)).toMatchObject({ cycle: 2 });
    await resumeDeacon(town.ctx);
    expect(await readPause(town.ctx)).toBeUndefined();
    expect(await beatDeacon(town.ctx, 'third')).toMatchObject({ cycle: 3 });
  });
});

describe('P3: a health check', () => {
  const rules = { failures: 3, timeoutMs: 1000, cooldownMs: 300_000 };
  const check = async () =>
    town.clock.drive(checkHealth(town.ctx, await findTarget(town.ctx, 'mayor/'), rules));

  test('types nothing into an agent that is well', async () => {
    await town.clock.drive(startAgent(town.ctx, { address: { role: 'mayor' } }));
    const { session } = await findTarget(town.ctx, 'mayor/');
    const before = town.panes.typed(session).length;
    expect(await check()).toMatchObject({ verdict: 'healthy', failures: 0 });
    expect(town.panes.typed(session)).toHaveLength(before);
  });

  test('counts to the end by force, and forgets when the agent answers', async () => {
    await town.clock.drive(startAgent(town.ctx, { address: { role: 'mayor' } }));
    const { session } = await findTarget(town.ctx, 'mayor/');
    town.panes.killHost(session);
    expect([await check(), await check(), await check()].map(({ verdict }) => verdict)).toEqual([
      'no-answer',
      'no-answer',
      'force-kill',
    ]);
    expect((await readHealthState(town.ctx))['mayor/']).toMatchObject({ consecutive_failures: 3 });
    await town.clock.drive(startAgent(town.ctx, { address: { role: 'mayor' } }));
    expect(await check()).toMatchObject({ verdict: 'healthy' });
    expect((await readHealthState(town.ctx))['mayor/']).toMatchObject({ consecutive_failures: 0 });
  });
});
