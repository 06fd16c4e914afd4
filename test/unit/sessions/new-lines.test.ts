import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newLines } from '../../../src/sessions/new-lines.ts';

describe('the new lines of a screen', () => {
  it.each([
    ['the first screen is all new', undefined, 'a\nb\n\n', ['a', 'b']],
    ['what was added at the end', 'a\nb\n', 'a\nb\nc\n', ['c']],
    ['what came when the rest scrolled away', 'a\nb\nc', 'b\nc\nd\ne', ['d', 'e']],
    ['a line that was drawn over', 'head\n1 %\nfoot', 'head\n2 %\nfoot', ['2 %']],
    ['nothing', 'a\nb', 'a\nb\n\n', []],
    ['what came above a prompt that is drawn again', 'a\n❯\nfoot', 'a\nb\n❯\nfoot', ['b']],
    ['the same while it all scrolls', 'a\nb\n❯\nfoot', 'b\nc\nd\n❯\nfoot', ['c', 'd']],
    ['a line that came twice', 'a\nok\n❯', 'a\nok\nok\n❯', ['ok']],
    ['nothing of what only went', 'a\nb\nc', 'b\nc', []],
  ])('%s', (_what, before, now, wanted) => {
    expect(newLines(before, now)).toEqual(wanted);
  });

  it('read one after the other, they are what was printed, however it scrolled', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 }), (bursts) => {
        const printed: string[] = [];
        const followed: string[] = [];
        let before: string | undefined;
        for (const burst of bursts) {
          for (const number of burst) printed.push(`line ${printed.length}: ${number}`);
          const screen = [...printed.slice(-5), '❯', 'foot'].join('\n');
          followed.push(...newLines(before, screen));
          before = screen;
        }
        expect(followed.filter((line) => line !== '❯' && line !== 'foot')).toEqual(printed);
        expect(followed.filter((line) => line === '❯').length).toBe(bursts.length === 0 ? 0 : 1);
      }),
    );
  });
});
