import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWithDolt, freePort } from '../support/dolt.ts';
import { KillTown, stepsOf } from './support/killing.ts';

/**
 * kill -9 of the Dolt server at every named step of `gt sling`, `gt done` and of the daemon's landing: the process
 * at that step lives on and finds its ledger gone until the daemon has started another server, whose death waits
 * at the next step (one that is not back by then stays dead over it).
 */
let town: KillTown;

beforeEach(async () => {
  town = await KillTown.create('dolt', '--dolt-port', String(await freePort()));
  await town.home.gt('up');
});

afterEach(async () => {
  await town.dispose();
});

const kill = () => town.kill(town.serverPid());

async function expectLandedOnce(ids: readonly string[]): Promise<void> {
  await town.untilClosed(ids);
  expect(town.landed()).toEqual(ids.toSorted());
}

describeWithDolt('the Dolt server, killed at every step', () => {
  test('P4, P6: of gt sling, which waits for the next one and ends well', async () => {
    const ids = await town.createBeads(['slung']);
    const slung = await town.killBeside(stepsOf('F', 1, 7), { begin: () => town.sling(ids), kill });
    expect(slung).toMatchObject({ code: 0 });
    await expectLandedOnce(ids);
  });

  test('P4, P7: of gt done, leaves work handed in or not, and it lands once', async () => {
    const steps = stepsOf('G', 1, 7);
    const ids = await town.createBeads(steps);
    await town.holdDone(ids, steps);
    await kill();
    for (const step of steps) town.release(step);
    await town.home.gt('up');
    await expectLandedOnce(ids);
  });

  test('P4, P8: of a landing, lands once', { timeout: 240_000 }, async () => {
    const ids = await town.createBeads(['one', 'two', 'three']);
    await town.submit(ids);
    await town.killBeside(stepsOf('H', 1, 10), { begin: () => town.home.tryGt(['up']), kill });
    await expectLandedOnce(ids);
  });
});
