import { expect, test } from 'vitest';
import { checkUntil, isOver } from '../../../src/formulas/until.ts';

const ROUND = new Map([
  ['fix', { status: 'closed', output: undefined }],
  ['check', { status: 'in_progress', output: { green: true, left: 3, by: { who: 'ann' } } }],
]);

test.each([
  ["fix.status == 'complete'", true],
  ['check.status == closed', false],
  ['check.status != closed', true],
  ['check.output.green == true', true],
  ['check.output.left <= 3', true],
  ['check.output.left > 3', false],
  ['check.output.left == 3.0', true],
  ['check.output.by.who == "ann"', true],
  ['check.output.none == ""', false],
  ['step.output.left < 4', true],
  ['other.status == closed', false],
])('after the round, %s says %s', (until, over) => {
  expect(checkUntil(until)).toBeUndefined();
  expect(isOver(until, ROUND)).toBe(over);
});

test.each(['', 'done', 'check.green', 'check.output == 1', 'file.exists("x")'])(
  '%j is no condition',
  (until) => {
    expect(checkUntil(until)).toMatch(/^write /);
    expect(isOver(until, ROUND)).toBe(false);
  },
);
