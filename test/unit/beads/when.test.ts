import { expect, test } from 'vitest';
import { isWholeDay, parseWhen } from '../../../src/beads/words/when.ts';

/** A Sunday. */
const NOW = Date.parse('2026-03-01T12:34:56Z');

test.each([
  ['7d', '2026-02-22 12:34:56'],
  ['24h', '2026-02-28 12:34:56'],
  ['-2w', '2026-02-15 12:34:56'],
  ['+6h', '2026-03-01 18:34:56'],
  ['1m', '2026-02-01 12:34:56'],
  ['1Y', '2025-03-01 12:34:56'],
  ['3 days ago', '2026-02-26 12:34:56'],
  ['an hour ago', '2026-03-01 11:34:56'],
  ['in 2 weeks', '2026-03-15 12:34:56'],
  ['last week', '2026-02-22 12:34:56'],
  ['next month', '2026-04-01 12:34:56'],
  ['now', '2026-03-01 12:34:56'],
  ['today', '2026-03-01 00:00:00'],
  ['yesterday', '2026-02-28 00:00:00'],
  ['Tomorrow', '2026-03-02 00:00:00'],
  ['next monday', '2026-03-02 00:00:00'],
  ['sunday', '2026-03-08 00:00:00'],
  ['last sunday', '2026-02-22 00:00:00'],
  ['last sat', '2026-02-28 00:00:00'],
  ['2026-01-31', '2026-01-31 00:00:00'],
  ['2026-01-31T12:00:00+02:00', '2026-01-31 10:00:00'],
  ['2026-01-31 12:00:00', '2026-01-31 12:00:00'],
])('%s counts back from now unless it says otherwise: %s', (text, time) => {
  expect(parseWhen(text, NOW, 'ago')).toBe(time);
});

test('a bare duration counts ahead where the time lies ahead', () => {
  expect(parseWhen('2d', NOW, 'ahead')).toBe('2026-03-03 12:34:56');
  expect(parseWhen('-2d', NOW, 'ahead')).toBe('2026-02-27 12:34:56');
});

test('a month after the last of a month is the last of the next', () => {
  expect(parseWhen('+1m', Date.parse('2026-01-31T00:00:00Z'), 'ago')).toBe('2026-02-28 00:00:00');
  expect(parseWhen('-1y', Date.parse('2024-02-29T00:00:00Z'), 'ago')).toBe('2023-02-28 00:00:00');
});

test.each(['', 'soon', '7', '7 parsecs ago', '2026-13-01', '12:00', '999999y', "'; DROP TABLE issues"])(
  '%j is no time, and the error shows the forms',
  (text) => {
    expect(() => parseWhen(text, NOW, 'ago')).toThrow(/is not a time/);
  },
);

test('a day is whole, a moment is not', () => {
  expect(['2026-01-31', 'today', '2026-01-31T00:00:00Z', '7d'].map(isWholeDay)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
