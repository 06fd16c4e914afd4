import { describe, expect, test } from 'vitest';
import { PROPERTY_TABLE } from '../../../src/rig/property-keys.ts';
import { RIG_TABLE } from '../../../src/rig/settings-keys.ts';
import { writeRigKey } from '../../../src/rig/settings.ts';
import { changeRigProperty } from '../../../src/rig/write-property.ts';
import { keyNames, specOf } from '../../../src/town/layers.ts';
import { TOWN_TABLE } from '../../../src/town/settings-keys.ts';
import { writeTownKey } from '../../../src/town/settings.ts';
import type { Apply } from './probe.ts';
import { PROPERTY_PROBES, RIG_PROBES } from './rig-keys.ts';
import { TOWN_PROBES } from './town-keys.ts';

const NOTHING: Apply = async () => undefined;

/** Each table, what shows that its keys act, and how one is set. */
const TABLES = [
  {
    of: 'the town',
    table: TOWN_TABLE,
    probes: TOWN_PROBES,
    set:
      (name: string, text: string): Apply =>
      async (ctx) =>
        void (await writeTownKey(ctx, name, text)),
  },
  {
    of: 'a rig',
    table: RIG_TABLE,
    probes: RIG_PROBES,
    set:
      (key: string, text: string): Apply =>
      (ctx, rig) =>
        writeRigKey(ctx, rig, { key, text }),
  },
  {
    of: 'a rig’s properties',
    table: PROPERTY_TABLE,
    probes: PROPERTY_PROBES,
    set:
      (name: string, text: string): Apply =>
      (ctx, rig) =>
        changeRigProperty(ctx, rig, { name, where: 'here', how: { do: 'set', text } }),
  },
] as const;

describe.each(TABLES)('P32: settings of $of', ({ table, probes, set }) => {
  const names: readonly string[] = keyNames(table as typeof TOWN_TABLE);

  test('each has something that shows it acts, or says that it is kept for the Go gt', () => {
    const inert = names.filter((name) => specOf(table as typeof TOWN_TABLE, name).inert === true);
    expect([...Object.keys(probes), ...inert].toSorted()).toEqual(names.toSorted());
  });

  test.each(Object.entries(probes))('%s changes what happens', async (name, { value, see }) => {
    const before = await see(NOTHING);
    expect(await see(NOTHING)).toEqual(before);
    expect(await see(set(name, value))).not.toEqual(before);
  });
});
