import { lineWidth, shorten, widthOf, type Screen } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Cut to this many cells on a terminal. */
  readonly max?: number;
  readonly align?: 'right';
  /** Colours the cell after it was cut and placed. */
  readonly paint?: (cell: string, row: Row) => string;
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
  screen: Screen = { isTTY: false, columns: 80 },
): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) => columns.map((column) => cellOf(column, row, screen)));
  const natural = columns.map((column, index) =>
    cells.reduce((most, line) => Math.max(most, widthOf(line[index] ?? '')), widthOf(column.title)),
  );
  const widths = narrowed(columns, natural, lineWidth(screen));
  const draw = (line: readonly string[], row?: Row): string => {
    const placed = columns.map((column, index) =>
      place(line[index] ?? '', widths[index] ?? 0, { column, row }),
    );
    return (INDENT + placed.join(GAP)).trimEnd();
  };
  const rule = INDENT + widths.map((width) => '─'.repeat(width)).join(GAP);
  return [
    draw(columns.map((column) => column.title)),
    rule,
    ...cells.map((line, index) => draw(line, rows[index])),
  ].join('\n');
}

function cellOf<Row>({ value, max = Infinity }: Column<Row>, row: Row, screen: Screen): string {
  return screen.isTTY ? shorten(value(row), max) : value(row);
}

function place<Row>(
  cell: string,
  width: number,
  { column, row }: { readonly column: Column<Row>; readonly row: Row | undefined },
): string {
  const cut = shorten(cell, width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cut)));
  const shown = row === undefined || column.paint === undefined ? cut : column.paint(cut, row);
  return column.align === 'right' ? blanks + shown : shown + blanks;
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
