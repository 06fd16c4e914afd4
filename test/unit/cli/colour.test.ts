import { expect, test } from 'vitest';
import { COLOURED, PLAIN, wantsColour } from '../../../src/cli/style.ts';

test.each([
  ['a terminal', {}, true, true],
  ['a pipe', {}, false, false],
  ['NO_COLOR with any value', { NO_COLOR: '' }, true, false],
  ['CLICOLOR=0', { CLICOLOR: '0' }, true, false],
  ['a dumb terminal', { TERM: 'dumb' }, true, false],
  ['CLICOLOR_FORCE on a pipe', { CLICOLOR_FORCE: '1' }, false, true],
  ['CLICOLOR_FORCE against NO_COLOR', { CLICOLOR_FORCE: '1', NO_COLOR: '1' }, false, false],
  ['an agent reading', { CLAUDE_CODE: '1' }, true, false],
] as const)('%s', (_case, env, isTTY, coloured) => {
  expect(wantsColour(env, isTTY)).toBe(coloured);
});

test('styles wrap text and nothing else', () => {
  expect(COLOURED.red('x')).toBe('\u001B[31mx\u001B[39m');
  expect(COLOURED.bold('')).toBe('');
  expect(PLAIN.red('x')).toBe('x');
});
