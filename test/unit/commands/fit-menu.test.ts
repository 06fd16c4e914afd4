import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitMenu } from '../../../src/commands/tmux/fit-menu.ts';
import type { TmuxMenuItem } from '../../../src/ports/tmux-ui.ts';

const choice = (text: string): TmuxMenuItem => ({ kind: 'choice', text, action: { kind: 'run', words: [] } });
const textOf = (item: TmuxMenuItem): string => (item.kind === 'line' ? '' : item.text);

/** Every entry that a person sees who goes on to the last page, and the height of each page. */
function pages(entries: readonly TmuxMenuItem[], rows: number) {
  const seen: string[] = [];
  const heights: number[] = [];
  for (let from = 0, next: number | undefined = 0; next !== undefined; from = next ?? 0) {
    next = undefined;
    const items = fitMenu(entries, { rows, from, more: [choice('others')], nextPage: (at) => [String(at)] });
    heights.push(items.length + 3);
    for (const item of items) {
      const more = item.kind === 'choice' && item.text.endsWith(' more …') && item.action.kind === 'run';
      if (more) next = Number(item.action.kind === 'run' ? item.action.words[0] : '');
      else if (item.kind === 'choice' && item.text !== 'others') seen.push(item.text);
    }
  }
  return { seen, heights };
}

test('a menu never outgrows the terminal, in which tmux would show nothing of it, and no entry is lost', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 10, max: 60 }), (count, rows) => {
      const entries = Array.from({ length: count }, (_, index) => choice(`entry ${index}`));
      const { seen, heights } = pages(entries, rows);
      expect(seen).toEqual(entries.map(textOf));
      expect(Math.max(...heights)).toBeLessThanOrEqual(rows);
    }),
  );
});

test('no two entries have the same key, and none has a key of the menu itself', () => {
  const items = fitMenu(
    Array.from({ length: 40 }, (_, index) => choice(`entry ${index}`)),
    { rows: 100, from: 0, more: [], nextPage: () => [] },
  );
  const keys = items.flatMap((item) => (item.kind === 'choice' && item.key !== undefined ? [item.key] : []));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.slice(0, 10)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a']);
  for (const key of ['j', 'k', 'q']) expect(keys).not.toContain(key);
});
