import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainKey } from '../../../src/rig/explain.ts';
import { readRigProperties } from '../../../src/rig/properties.ts';
import { changeRigProperty } from '../../../src/rig/write-property.ts';
import type { PropertyChange } from '../../../src/rig/write-property.ts';
import { addFakeRig } from '../watchdog/daemon-town.ts';
import { makeMachine } from './fake-town.ts';
import type { FakeMachine } from './fake-town.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import type { TownContext } from '../../../src/beads/context.ts';

let machine: FakeMachine;
let ctx: TownContext;
let rig: Rig;
beforeEach(async () => {
  machine = makeMachine();
  await machine.install();
  rig = await addFakeRig(machine, 'shop', 'sh');
  ctx = machine.context();
});
afterEach(() => machine.close());

const change = (name: string, where: PropertyChange['where'], how: PropertyChange['how']): Promise<void> =>
  changeRigProperty(ctx, rig, { name, where, how });
const set = (name: string, text: string, where: PropertyChange['where'] = 'here'): Promise<void> =>
  change(name, where, { do: 'set', text });
const places = async (name: string): Promise<readonly string[]> =>
  (await explainKey(ctx, { name, rig: 'shop', cwd: '/' })).places.map(({ state }) => state);
const town = (doc: object): Promise<void> =>
  machine.files.writeAtomic('/town/settings/config.json', JSON.stringify(doc));

test('P32: what is set on this machine counts before the rig’s label, that before the town', async () => {
  await town({ rig_defaults: { max_polecats: '7', dnd: 'true' } });
  const read = async (): Promise<unknown> => (await readRigProperties(ctx, rig)).get('max_polecats');
  expect(await read()).toBe(7);
  await set('max_polecats', '5', 'global');
  expect(await read()).toBe(5);
  await set('max_polecats', '3');
  expect(await read()).toBe(3);
  expect(await places('max_polecats')).toEqual(['acts', 'overruled', 'overruled']);
  await change('max_polecats', 'here', { do: 'unset' });
  await change('max_polecats', 'global', { do: 'unset' });
  expect(await read()).toBe(7);
  expect((await readRigProperties(ctx, rig)).get('dnd')).toBe(true);
});

test('a blocked property has its default, takes no value, and is free again when unset', async () => {
  await set('dnd', 'on', 'global');
  await change('dnd', 'here', { do: 'block' });
  expect((await readRigProperties(ctx, rig)).get('dnd')).toBe(false);
  expect(await places('dnd')).toEqual(['blocks', 'overruled', 'silent']);
  await expect(set('dnd', 'true')).rejects.toMatchObject({ code: 'config.blocked' });
  await change('dnd', 'here', { do: 'unset' });
  expect((await readRigProperties(ctx, rig)).get('dnd')).toBe(true);
});

test('adjustments of all places are added up', async () => {
  await town({ rig_defaults: { priority_adjustment: '-1' } });
  await set('priority_adjustment', '3', 'global');
  await set('priority_adjustment', '2');
  expect((await readRigProperties(ctx, rig)).get('priority_adjustment')).toBe(4);
});

test.each([
  ['max_polecats', '0', 'config.bad-value'],
  ['status', 'gone', 'config.bad-value'],
  ['max_polecat', '3', 'config.unknown-key'],
])('%s = %s is refused, here and on the label, and nothing is written', async (name, text, code) => {
  for (const where of ['here', 'global'] as const)
    await expect(set(name, text, where)).rejects.toMatchObject({ code });
  expect(await machine.files.readText('/town/.beads-wisp/config/shop.json')).toBeUndefined();
});

test('P15: sets of different properties at once all stay', async () => {
  const texts = {
    max_polecats: '3',
    dnd: 'true',
    auto_restart: 'false',
    polecat_branch_template: 'w/{name}',
  };
  await machine.clock.drive(Promise.all(Object.entries(texts).map(([name, text]) => set(name, text))));
  const properties = await readRigProperties(ctx, rig);
  expect(properties.get('max_polecats')).toBe(3);
  expect(properties.get('auto_restart')).toBe(false);
  expect(properties.get('polecat_branch_template')).toBe('w/{name}');
});
