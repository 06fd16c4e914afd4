import type { Output } from '../../context.ts';
import { oneLine } from '../../core/text.ts';

/* Code points that terminals draw two cells wide: Hangul, CJK, kana, full-width forms, pictographs. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Cells that a line may fill: a terminal's width; text for pipes is never cut. */
export function lineWidth({ isTTY, columns }: Screen): number {
  return isTTY ? columns : Infinity;
}

/** One line of at most `cells` code points where lines have a width, the whole of it where they have none. */
export function clip(text: string, cells: number, width: number): string {
  return oneLine(text, width === Infinity ? Infinity : cells);
}

export type Screen = Pick<Output, 'isTTY' | 'columns'>;

/** Most texts: a cell per character. */
const PLAIN = /^[\u0020-\u007E]*$/;
const STYLING = /\u001B\[[\d;]*m/g;

/** Terminal cells of a text; colour codes take none. */
export function widthOf(text: string): number {
  const bare = text.replaceAll(STYLING, '');
  if (PLAIN.test(bare)) return bare.length;
  let width = 0;
  for (const grapheme of graphemesOf(bare)) width += cellsOf(grapheme);
  return width;
}

/** The text in exactly `width` cells: cut with `…` at a grapheme border, or filled with blanks. */
export function fit(text: string, width: number): string {
  const cut = widthOf(text) <= width ? text : shorten(text, width);
  return cut + ' '.repeat(Math.max(0, width - widthOf(cut)));
}

/** At most `width` cells, the last one `…` when something was cut. Unstyled text only. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const grapheme of graphemesOf(text)) {
    if (used + cellsOf(grapheme) > width - 1) break;
    out += grapheme;
    used += cellsOf(grapheme);
  }
  return width > 0 ? `${out}…` : '';
}

/* What may join the character before it: marks, joiners, skin tones, flag letters, Hangul parts. */
const JOINING =
  /[\p{M}\p{Cf}\p{Emoji_Modifier}\p{Regional_Indicator}\u0E33\u0EB3\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF]/u;

/** What people see as one character each. The segmenter costs 8 ms to make: only texts that need it get it. */
function graphemesOf(text: string): Iterable<string> {
  if (!JOINING.test(text)) return text;
  return Array.from(
    new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text),
    ({ segment }) => segment,
  );
}

function cellsOf(grapheme: string): number {
  const point = grapheme.codePointAt(0) ?? 0;
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(grapheme)) return 0;
  // An emoji presentation selector makes a narrow symbol wide.
  if (grapheme.includes('\uFE0F')) return 2;
  return WIDE.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}
