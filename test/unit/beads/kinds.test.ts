import { expect, test } from 'vitest';
import {
  canonicalType,
  parseCustomStatuses,
  parseCustomTypes,
  parsePriority,
} from '../../../src/beads/words/kinds.ts';

test.each([
  ['0', 0],
  ['P4', 4],
  [' p1 ', 1],
])('priority %j is %i', (text, priority) => {
  expect(parsePriority(text)).toBe(priority);
});

test.each(['5', '-1', 'high', '', 'P', '1.5', '01'])('%j is no priority', (text) => {
  expect(() => parsePriority(text)).toThrow(expect.objectContaining({ code: 'bead.bad-priority' }));
});

test('types have other names too', () => {
  expect(['Enhancement', 'ADR', 'timebox', 'ms', ' bug '].map(canonicalType)).toEqual([
    'feature',
    'decision',
    'spike',
    'milestone',
    'bug',
  ]);
});

test('custom words are read; malformed ones are left out', () => {
  expect(parseCustomStatuses('waiting:active, staged_ready ,Bad,9x:done')).toEqual(
    new Map([
      ['waiting', 'active'],
      ['staged_ready', 'unspecified'],
    ]),
  );
  expect(parseCustomTypes(' agent,, role ')).toEqual(['agent', 'role']);
});
