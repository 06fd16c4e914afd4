import { expect, test } from 'vitest';
import { didYouMean, suggest } from '../../../src/cli/suggest.ts';

const NAMES = ['sling', 'status', 'stop', 'start', 'hook', 'mq', 'up', 'down', 'install'];

test('names that start alike come before names that are spelt alike', () => {
  expect(suggest('st', NAMES)).toEqual(['start', 'status', 'stop']);
  expect(suggest('slign', NAMES)).toEqual(['sling']);
  expect(suggest('installl', NAMES)).toEqual(['install']);
});

test('short words are not turned into anything', () => {
  expect(suggest('x', NAMES)).toEqual([]);
  expect(suggest('', NAMES)).toEqual([]);
  expect(suggest('qq', NAMES)).toEqual(['mq']);
});

test('at most three are proposed, as one question', () => {
  expect(didYouMean([])).toBeUndefined();
  expect(didYouMean(['a'])).toBe('Did you mean a?');
  expect(didYouMean(suggest('s', [...NAMES, 'scan', 'seed']))).toBe('Did you mean scan, seed or sling?');
});
