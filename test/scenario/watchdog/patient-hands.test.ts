import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseWorkerName } from '../../../src/core/names.ts';
import { patientHands } from '../../../src/watchdog/patient-hands.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import { makeMachine } from '../town/fake-town.ts';
import type { FakeMachine } from '../town/fake-town.ts';
import { addFakeRig } from './daemon-town.ts';

let machine: FakeMachine;
beforeEach(async () => {
  machine = makeMachine();
  await machine.install();
});
afterEach(() => machine.close());

test('P11: a git that hangs in one rig keeps the others waiting once at most', async () => {
  const [alpha, bravo] = [await addFakeRig(machine, 'alpha', 'al'), await addFakeRig(machine, 'bravo', 'br')];
  const worker = parseWorkerName('ace');
  let end = (): void => undefined;
  let begun = 0;
  const hands = patientHands(machine.ports, {
    ...createHands(machine.context()),
    async finishDone(rig) {
      if (rig.name !== 'alpha') return 'finished';
      begun += 1;
      await new Promise<void>((resolve) => (end = resolve));
      return 'finished';
    },
  });
  const busy = { code: 'rig.hanging' };
  await expect(machine.clock.drive(hands.finishDone(alpha, worker))).rejects.toMatchObject(busy);
  const since = machine.clock.now();
  await expect(hands.resumeDone(alpha, worker)).rejects.toMatchObject(busy);
  expect(await machine.clock.drive(hands.finishDone(bravo, worker))).toBe('finished');
  expect({ begun, waited: machine.clock.now() - since }).toEqual({ begun: 1, waited: 0 });
  end();
  await machine.clock.advance(1);
  const again = hands.finishDone(alpha, worker);
  await machine.clock.advance(1);
  end();
  expect(await again).toBe('finished');
});
