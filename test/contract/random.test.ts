import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/adapters/random.ts';
import type { Random } from '../../src/ports/random.ts';
import { createFakeRandom } from '../fakes/random.ts';

function randomContract(make: () => Random): void {
  it('gives as many bytes as asked for, and others each time', () => {
    const random = make();
    expect([0, 1, 16, 100].map((count) => random.bytes(count).length)).toEqual([0, 1, 16, 100]);
    expect(Buffer.from(random.bytes(16))).not.toEqual(Buffer.from(random.bytes(16)));
  });

  it('gives version 4 UUIDs, no two alike', () => {
    const random = make();
    const uuids = Array.from({ length: 200 }, () => random.uuid());
    expect(new Set(uuids).size).toBe(200);
    for (const uuid of uuids) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
}

describe('the randomness of the system', () => randomContract(createRandom));

describe('seeded randomness', () => {
  randomContract(() => createFakeRandom());

  it('repeats itself for the same seed only', () => {
    expect(createFakeRandom('a').uuid()).toBe(createFakeRandom('a').uuid());
    expect(createFakeRandom('a').uuid()).not.toBe(createFakeRandom('b').uuid());
  });
});
