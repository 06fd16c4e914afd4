import { expect, test } from 'vitest';
import { renderTable } from '../../../src/ui/text/table.ts';
import { wrap } from '../../../src/ui/text/wrap.ts';

const COLUMNS = [
  { title: 'Id', value: ({ id }: Row) => id },
  { title: 'N', value: ({ count }: Row) => String(count), align: 'right' },
  { title: 'Title', value: ({ title }: Row) => title },
] as const;
interface Row {
  readonly id: string;
  readonly count: number;
  readonly title: string;
}
const ROWS: readonly Row[] = [
  { id: 'gt-1', count: 5, title: 'Wide 🏭 and 日本 cells' },
  { id: 'gt-22', count: 12, title: 'Plain' },
];

test('columns are counted in terminal cells', () => {
  expect(renderTable(COLUMNS, ROWS)).toBe(`  Id      N  Title
  ─────  ──  ──────────────────────
  gt-1    5  Wide 🏭 and 日本 cells
  gt-22  12  Plain`);
});

test('on a terminal the widest column gives way, cut at a character border', () => {
  const lines = renderTable(COLUMNS, ROWS, { isTTY: true, columns: 24 }).split('\n');
  expect(lines[2]).toBe('  gt-1    5  Wide 🏭 an…');
  expect(lines[1]).toHaveLength(24);
});

test('for a pipe nothing is cut', () => {
  expect(renderTable(COLUMNS, ROWS, { isTTY: false, columns: 24 })).toBe(renderTable(COLUMNS, ROWS));
});

test('nothing to list is no table', () => {
  expect(renderTable(COLUMNS, [])).toBe('');
});

test('text wraps at words; a word longer than the line stands alone', () => {
  expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  expect(wrap('a incomprehensible b\nnext', 8)).toEqual(['a', 'incomprehensible', 'b', 'next']);
});
