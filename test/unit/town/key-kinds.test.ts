import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boolKind,
  durationKind,
  intKind,
  listKind,
  showDuration,
  wordsKind,
} from '../../../src/town/key-kinds.ts';

test('a duration reads as it is shown', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
      const ms = seconds * 1000;
      expect(durationKind.read(showDuration(ms))).toBe(ms);
    }),
  );
  expect(showDuration(5_400_000)).toBe('1h30m');
  expect(showDuration(0)).toBe('0s');
  expect(showDuration(1500)).toBe('1500ms');
});

test('yes and on are true, and a word that is neither is no value', () => {
  expect(boolKind.parse('on', undefined)).toBe(true);
  expect(boolKind.parse('No', undefined)).toBe(false);
  expect(boolKind.parse('maybe', undefined)).toBeUndefined();
});

test('numbers keep to their bounds', () => {
  expect(intKind(1, 3).read(3)).toBe(3);
  expect(intKind(1, 3).read(4)).toBeUndefined();
  expect(intKind(1).parse('0', undefined)).toBeUndefined();
});

test('lists and pairs are typed with commas', () => {
  expect(listKind.parse(' a, b ,,c', undefined)).toEqual(['a', 'b', 'c']);
  expect(wordsKind.parse('polecat=claude, crew=codex', undefined)).toEqual({
    polecat: 'claude',
    crew: 'codex',
  });
  expect(wordsKind.parse('polecat', undefined)).toBeUndefined();
});
