/** A list of choices of which one row is marked by a selector sign. */
export interface Menu {
  readonly options: readonly MenuOption[];
  /** Index into `options`. */
  readonly marked: number;
}

interface MenuOption {
  readonly text: string;
  /** Screen row. */
  readonly row: number;
}

const MARKED = /^([\s│|┃]*)([❯›▶▸>●])(\s+)(\S.*)$/;
/** A blank row inside a menu is allowed, two end it. */
const MAX_GAP = 1;

/**
 * The lowest menu on the screen: a marked row whose neighbours begin in the same column as its text. A prompt line
 * that holds typed text is no menu, because its neighbours do not line up.
 */
export function readMenu(rows: readonly string[]): Menu | undefined {
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    const [, , , , text] = MARKED.exec(rows[row] ?? '') ?? [];
    if (text === undefined) continue;
    const column = Array.from(rows[row] ?? '').length - Array.from(text).length;
    const above = optionsFrom(rows, { row, step: -1, column }).reverse();
    const below = optionsFrom(rows, { row, step: 1, column });
    if (above.length + below.length === 0) continue;
    return { options: [...above, { text: optionText(text), row }, ...below], marked: above.length };
  }
  return undefined;
}

interface Walk {
  readonly row: number;
  readonly step: 1 | -1;
  readonly column: number;
}

function optionsFrom(rows: readonly string[], { row, step, column }: Walk): MenuOption[] {
  const options: MenuOption[] = [];
  let gap = 0;
  for (let next = row + step; next >= 0 && next < rows.length; next += step) {
    const kind = rowKind(rows[next] ?? '', column);
    if (kind === 'other') break;
    if (kind === 'blank') gap += 1;
    if (gap > MAX_GAP) break;
    if (kind !== 'option') continue;
    gap = 0;
    options.push({
      text: optionText(
        Array.from(rows[next] ?? '')
          .slice(column)
          .join(''),
      ),
      row: next,
    });
  }
  return options;
}

/** `detail` = a description, indented deeper than the options. */
function rowKind(row: string, column: number): 'option' | 'detail' | 'blank' | 'other' {
  if (row.replaceAll(/[│|┃\s]/g, '') === '') return 'blank';
  const points = Array.from(row);
  if (!/^[\s│|┃]*$/.test(points.slice(0, column).join(''))) return 'other';
  return points[column]?.trim() === '' ? 'detail' : 'option';
}

/** Without its number and the frame behind it. */
function optionText(text: string): string {
  return text
    .replace(/^\d+[.)]\s+/, '')
    .replace(/\s*[│|┃]\s*$/, '')
    .trim();
}
