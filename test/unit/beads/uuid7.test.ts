import { expect, test } from 'vitest';
import { createUuid7, formatUuid7 } from '../../../src/beads/words/uuid7.ts';

const random = { bytes: (count: number) => new Uint8Array(count).fill(255), uuid: () => '' };

test('a row id has the shape of a UUID version 7 and carries the time', () => {
  const id = formatUuid7(0x0123456789ab, 5, new Uint8Array(8).fill(255));
  expect(id).toBe('01234567-89ab-7005-bfff-ffffffffffff');
});

test('row ids sort in the order they were made, also within one millisecond and when the clock goes back', () => {
  const times = [5, 5, 5, 6, 3, 3, 7];
  const next = createUuid7(() => times.shift() ?? 7, random);
  const ids = Array.from({ length: 7 }, next);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(7);
});

test('more ids than one millisecond can number still sort', () => {
  const next = createUuid7(() => 5, random);
  const ids = Array.from({ length: 5000 }, next);
  expect(ids.toSorted()).toEqual(ids);
});
