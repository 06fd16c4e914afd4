import { describe, expect, test } from 'vitest';
import { known, unknownFact } from '../../../src/core/fact.ts';
import { capacityOf, slotsOf } from '../../../src/polecat/capacity.ts';
import type { CapacityFacts } from '../../../src/polecat/capacity.ts';
import { parseProc, parseSysctl } from '../../../src/polecat/machine-size.ts';
import type { MachineSize } from '../../../src/polecat/machine-size.ts';

const machine = (size: Partial<MachineSize> = {}) =>
  known({ cores: 8, memoryGiB: 32, load: 0.5, freeGiB: 20, ...size });

function capacity(facts: Partial<CapacityFacts>) {
  return capacityOf({
    configured: undefined,
    machine: machine(),
    busyInTown: 0,
    busyInRig: 0,
    pressure: { loadPerCore: 1.5, freeGiB: undefined },
    ...facts,
  });
}

describe('P34: slots', () => {
  test.each([
    [8, 32, 4],
    [4, 32, 3],
    [1, 32, 1],
    [2, 4, 1],
    [8, 7, 2],
  ])('%i cores and %i GiB carry %i polecats by themselves', (cores, memoryGiB, expected) => {
    expect(slotsOf({ configured: undefined, machine: machine({ cores, memoryGiB }) }).town).toBe(expected);
  });

  test('a machine that cannot be read carries one', () => {
    expect(slotsOf({ configured: undefined, machine: unknownFact('no /proc') }).town).toBe(1);
  });

  test('a number is taken as it is, up to what a town can hold', () => {
    expect(slotsOf({ configured: 6, machine: machine() })).toMatchObject({ town: 6, rig: 6 });
    expect(slotsOf({ configured: 20, machine: machine() })).toMatchObject({ town: 20, rig: 10 });
    expect(slotsOf({ configured: 500, machine: machine() }).town).toBe(25);
  });

  test('zero or less means no cap and no look at the load', () => {
    expect(
      capacity({ configured: -1, busyInTown: 24, busyInRig: 24, machine: machine({ load: 99 }) }),
    ).toEqual({
      free: true,
    });
  });
});

describe('P34: dispatch waits', () => {
  test('while all slots are busy, and says how many', () => {
    expect(capacity({ busyInTown: 4 })).toEqual({ free: false, why: '4 of 4 slots busy' });
    expect(capacity({ configured: 20, busyInTown: 10, busyInRig: 10 })).toEqual({
      free: false,
      why: '10 of 10 slots of this rig busy',
    });
  });

  test('while the machine is loaded', () => {
    expect(capacity({ machine: machine({ load: 13 }) })).toMatchObject({ free: false });
    expect(capacity({ machine: machine({ load: 11 }) })).toEqual({ free: true });
  });

  test('while little memory is free', () => {
    expect(capacity({ machine: machine({ freeGiB: 3 }) })).toMatchObject({ free: false });
    expect(
      capacity({ machine: machine({ freeGiB: 3 }), pressure: { loadPerCore: 1.5, freeGiB: 2 } }),
    ).toEqual({
      free: true,
    });
  });
});

describe('the size of the machine', () => {
  test('is read from /proc', () => {
    expect(
      parseProc({
        cpu: 'processor\t: 0\nmodel: x\n\nprocessor\t: 1\n',
        memory: 'MemTotal:        8388608 kB\nMemFree: 1 kB\nMemAvailable:    4194304 kB\n',
        load: '0.52 0.58 0.59 1/389 12345\n',
      }),
    ).toEqual(known({ cores: 2, memoryGiB: 8, load: 0.52, freeGiB: 4 }));
  });

  test('is read from sysctl', () => {
    expect(parseSysctl('10\n17179869184\n{ 1.50 1.40 1.30 }\n')).toEqual(
      known({ cores: 10, memoryGiB: 16, load: 1.5, freeGiB: 16 }),
    );
  });

  test('is unknown where neither makes sense', () => {
    expect(parseProc({ cpu: '', memory: 'x', load: 'y' }).ok).toBe(false);
    expect(parseSysctl('').ok).toBe(false);
  });
});
