import { describe, expect, it } from 'vitest';
import { newLines } from '../../../src/sessions/new-lines.ts';

describe('the new lines of a screen', () => {
  it.each([
    ['the first screen is all new', undefined, 'a\nb\n\n', ['a', 'b']],
    ['what was added at the end', 'a\nb\n', 'a\nb\nc\n', ['c']],
    ['what came when the rest scrolled away', 'a\nb\nc', 'b\nc\nd\ne', ['d', 'e']],
    ['a line that was drawn over', 'head\n1 %\nfoot', 'head\n2 %\nfoot', ['2 %']],
    ['nothing', 'a\nb', 'a\nb\n\n', []],
  ])('%s', (_what, before, now, wanted) => {
    expect(newLines(before, now)).toEqual(wanted);
  });
});
