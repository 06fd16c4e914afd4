import type { Output } from '../../context.ts';
import { shorten, widthOf } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Cut to this many cells. */
  readonly max?: number;
  readonly align?: 'right';
  /** Gives way first when the table is wider than the terminal; default: the widest column. */
  readonly flexible?: boolean;
}

const INDENT = '  ';
const GAP = '  ';
const NARROWEST = 8;

/**
 * Header, light rule, rows; two-space indent; columns as wide as their widest cell. '' for no rows. With `screen`
 * a terminal's width is kept (plain cells only); text for pipes is never cut.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  screen?: Pick<Output, 'isTTY' | 'columns'>,
): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) => columns.map((column) => cellOf(column, row)));
  const natural = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...cells.map((line) => widthOf(line[index] ?? ''))),
  );
  const widths = screen?.isTTY === true ? narrowed(columns, natural, screen.columns) : natural;
  const draw = (line: readonly string[]): string =>
    (
      INDENT + line.map((cell, index) => place(cell, widths[index] ?? 0, columns[index]?.align)).join(GAP)
    ).trimEnd();
  const rule = INDENT + widths.map((width) => '─'.repeat(width)).join(GAP);
  return [draw(columns.map((column) => column.title)), rule, ...cells.map(draw)].join('\n');
}

function cellOf<Row>(column: Column<Row>, row: Row): string {
  const text = column.value(row);
  return column.max === undefined ? text : shorten(text, column.max);
}

function place(cell: string, width: number, align: 'right' | undefined): string {
  const cut = shorten(cell, width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return align === 'right' ? blanks + cut : cut + blanks;
}

/** Takes the cells that do not fit from the flexible columns, from the widest of them first. */
function narrowed<Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  available: number,
): readonly number[] {
  const widths = [...natural];
  const declared = columns.flatMap((column, index) => (column.flexible === true ? [index] : []));
  const flexible = declared.length > 0 ? declared : [natural.indexOf(Math.max(...natural))];
  const room = available - INDENT.length - GAP.length * (columns.length - 1);
  const widest = (): number =>
    flexible.reduce((best, index) => ((widths[index] ?? 0) > (widths[best] ?? 0) ? index : best));
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const index = widest();
    const width = widths[index] ?? 0;
    if (width <= NARROWEST) break;
    widths[index] = width - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
