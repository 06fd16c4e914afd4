import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addOutcomes, batchSize, evictionRate, NO_OUTCOMES } from '../../../src/refinery/batch-size.ts';

it('starts with batches of sixteen', () => {
  expect(batchSize(NO_OUTCOMES, 32)).toBe(16);
});

it('grows while everything lands and shrinks while much is sent back', () => {
  expect(batchSize(addOutcomes(NO_OUTCOMES, 50, 0), 64)).toBeGreaterThan(16);
  expect(batchSize(addOutcomes(NO_OUTCOMES, 0, 20), 64)).toBeLessThanOrEqual(2);
});

it('forgets a bad day', () => {
  const bad = addOutcomes(NO_OUTCOMES, 0, 20);
  let later = bad;
  for (let pass = 0; pass < 40; pass += 1) later = addOutcomes(later, 5, 0);
  expect(evictionRate(later)).toBeLessThan(evictionRate(bad) / 5);
});

it('is a power of two or the allowed maximum, and never less than one', () => {
  const outcomes = fc.record({ landed: fc.nat(500), evicted: fc.nat(500) });
  fc.assert(
    fc.property(outcomes, fc.integer({ min: 1, max: 64 }), (known, max) => {
      const size = batchSize(known, max);
      expect(size === max || Number.isInteger(Math.log2(size))).toBe(true);
      expect(size).toBeGreaterThanOrEqual(1);
      expect(size).toBeLessThanOrEqual(max);
    }),
  );
});
