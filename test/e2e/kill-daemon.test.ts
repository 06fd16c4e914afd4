import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KillTown, stepsOf } from './support/killing.ts';

/**
 * kill -9 of the daemon at every named step of what it does itself: dispatch of the queue (F2-F7; F1 is of
 * `gt sling`, beside which the daemon dies), a done that it carries on for a dead agent (G), landing (H). The
 * daemon that comes after one kill is killed at the next step; a step that no successor comes to (F7, G7: news
 * only) gets work of its own.
 */
let town: KillTown;

beforeEach(async () => {
  town = await KillTown.create('sqlite');
  await town.home.gt('up');
});

afterEach(async () => {
  await town.dispose();
});

const up = () => town.home.tryGt(['up']);
const kill = () => town.killDaemon();

async function expectLandedOnce(ids: readonly string[]): Promise<void> {
  await town.home.gt('up');
  await town.untilClosed(ids);
  expect(town.landed()).toEqual(ids.toSorted());
}

describe('the daemon, killed at every step', () => {
  test('P6: of a dispatch, dispatches each bead once', async () => {
    const [beside = '', ...queued] = await town.createBeads(['beside F1', 'F2-F6', 'F7:before', 'F7:after']);
    const restart = async () => {
      await town.killDaemon();
      await town.home.gt('up');
    };
    const slung = await town.killBeside(stepsOf('F', 1, 1), {
      begin: () => town.sling([beside]),
      kill: restart,
    });
    expect(slung.code).toBe(0);
    for (const [index, steps] of [stepsOf('F', 2, 6), ['F7:before'], ['F7:after']].entries()) {
      const id = queued[index] ?? '';
      const [blocker = ''] = await town.createBeads(['blocker']);
      await town.home.bd('dep', 'add', id, blocker);
      expect((await town.sling([id])).stdout).toContain('queued');
      await town.home.gt('daemon', 'stop');
      await town.home.bd('close', blocker);
      await town.killAtEach(steps, { begin: up, kill });
    }
    await expectLandedOnce([beside, ...queued]);
  });

  test('P7: of a done that it carries on, hands in once', async () => {
    const parts = [stepsOf('G', 1, 6), ['G7:before'], ['G7:after']];
    const ids = await town.createBeads(parts.map((steps) => steps.join(' ')));
    for (const [index, steps] of parts.entries()) {
      const id = ids[index] ?? '';
      await town.home.gt('daemon', 'stop');
      town.hold('G1:after');
      await town.sling([id]);
      await town.untilHeld('G1:after');
      const { host, child } = await town.pane(id);
      for (const { pid } of [host, child]) await town.kill(pid);
      town.release('G1:after');
      await town.killAtEach(steps, { begin: up, kill });
    }
    await expectLandedOnce(ids);
  });

  test('P8: of a landing, lands once', async () => {
    const ids = await town.createBeads(['one', 'two', 'three']);
    await town.submit(ids);
    await town.killAtEach(stepsOf('H', 1, 10), { begin: up, kill });
    await expectLandedOnce(ids);
  });
});
