import { expect, test } from 'vitest';
import { lineOfKey } from '../../../src/town/json-line.ts';

const TEXT = `{
  "a": { "b": [ { "b": 1 } ],
    "c": "a: {" },
  "b": { "a.c": 2,
    "\\u0061": 3 }
}`;

test.each([
  [['a'], 2],
  [['a', 'b'], 2],
  [['a', 'c'], 3],
  [['b'], 4],
  [['b', 'a.c'], 4],
  [['b', 'a'], 5],
  [['c'], undefined],
])('%j stands on line %s', (path, line) => {
  expect(lineOfKey(TEXT, path)).toBe(line);
});

test('a text that is no JSON has no lines to name', () => {
  expect(lineOfKey('{"a', ['a'])).toBeUndefined();
});
