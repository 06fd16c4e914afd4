import { assert, date, property } from 'fast-check';
import { expect, test } from 'vitest';
import { parseTime, toRfc3339, toSqlTime } from '../../../src/beads/words/times.ts';

test('a time is cut to whole seconds, never rounded into the future', () => {
  expect(toSqlTime(Date.parse('2026-03-01T12:00:00.999Z'))).toBe('2026-03-01 12:00:00');
});

test('column times read as RFC 3339 in UTC, fractions of other writers left out', () => {
  expect(toRfc3339('2026-03-01 12:00:00.123456')).toBe('2026-03-01T12:00:00Z');
});

test.each([
  ['2030-01-31', '2030-01-31 00:00:00'],
  ['2030-01-31 10:20:30', '2030-01-31 10:20:30'],
  ['2030-01-31T10:20:30+02:00', '2030-01-31 08:20:30'],
])('%s is understood', (text, column) => {
  expect(parseTime(text)).toBe(column);
});

test.each(['', 'tomorrow', '2030-13-01', '31.1.2030 x'])('%j is no time', (text) => {
  expect(() => parseTime(text)).toThrow(expect.objectContaining({ code: 'bead.bad-time' }));
});

test('what is written is what is read', () => {
  const years = { min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
  assert(
    property(date(years), (time) => {
      const column = toSqlTime(time.getTime());
      expect(parseTime(toRfc3339(column))).toBe(column);
    }),
  );
});
