import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressBar } from '../../../src/ui/text/progress-bar.ts';
import { treeLines, treeOrder } from '../../../src/ui/text/tree-lines.ts';

const drawn = (nodes: readonly (readonly [string, number])[]): string =>
  treeLines(nodes.map(([item, depth]) => ({ item, depth })))
    .map(({ item, prefix }) => prefix + item)
    .join('\n');

test('branches go on as long as siblings follow', () => {
  expect(drawn([['a', 0], ['b', 1], ['c', 2], ['d', 2], ['e', 1], ['f', 2], ['g', 0]])).toBe(
    ['a', '├─ b', '│  ├─ c', '│  └─ d', '└─ e', '   └─ f', 'g'].join('\n'),
  ); // prettier-ignore
});

test('children follow their parents in the order of the list; parents that are not listed count as none', () => {
  const parents: Readonly<Record<string, string>> = { b: 'x', c: 'a', d: 'c', e: 'a' };
  const lines = treeOrder(
    'dceba'.split('').map((id) => ({ id })),
    ({ id }) => parents[id],
  );
  expect(lines.map(({ item, prefix }) => prefix + item.id)).toEqual(['b', 'a', '├─ c', '│  └─ d', '└─ e']);
});

test('every item is shown once, whatever rings the parents make', () => {
  const ids = 'abcdef'.split('');
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...ids), fc.constantFrom(...ids)), (parents) => {
      const lines = treeOrder(
        ids.map((id) => ({ id })),
        ({ id }) => parents[id],
      );
      expect(lines.map(({ item }) => item.id).toSorted()).toEqual(ids);
    }),
  );
});

test.each([
  [0, 3, '░░░░░░░░░░'],
  [1, 100, '█░░░░░░░░░'],
  [99, 100, '█████████░'],
  [3, 3, '██████████'],
  [0, 0, '░░░░░░░░░░'],
])('%i of %i is drawn as %s: full only when all is done', (done, total, bar) => {
  expect(progressBar(done, total)).toBe(bar);
});
