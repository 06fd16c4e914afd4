import { afterEach, beforeEach, expect, test } from 'vitest';
import { mayOffer, rememberTown } from '../../../src/rig/detect.ts';
import { machineOf, type Machine } from '../../../src/town/machine/state.ts';
import { makeMachine, ROOT, type FakeMachine } from './fake-town.ts';

const ASKED = '/home/me/.cache/gastown/asked-repos';

let fake: FakeMachine;
let machine: Machine;
beforeEach(async () => {
  fake = makeMachine();
  await fake.install();
  machine = machineOf(fake.ports, { HOME: '/home/me' });
});
afterEach(() => fake.close());

test('a person is asked once whether a repository shall be a rig', async () => {
  await rememberTown(machine, ROOT);
  expect(await mayOffer(machine, '/src/shop', ASKED)).toBe(true);
  expect(await mayOffer(machine, '/src/shop', ASKED)).toBe(false);
  expect(await mayOffer(machine, '/src/shop-2', ASKED)).toBe(true);
  expect(await fake.files.readText(ASKED)).toBe('/src/shop\n/src/shop-2\n');
});

test('nobody is asked without a town, with two of them, or inside of one', async () => {
  expect(await mayOffer(machine, '/src/shop', ASKED)).toBe(false);
  await rememberTown(machine, ROOT);
  for (const inside of [ROOT, `${ROOT}/shop/crew/me`])
    expect(await mayOffer(machine, inside, ASKED)).toBe(false);
  await fake.install({ root: '/other' });
  await rememberTown(machine, '/other');
  expect(await mayOffer(machine, '/src/shop', ASKED)).toBe(false);
  expect(await fake.files.stat(ASKED)).toBeUndefined();
});
