import { printable } from '../core/text.ts';

const PASTE_START = '\u001B[200~';
const PASTE_END = '\u001B[201~';

/**
 * The bytes that put `text` into the agent's prompt without sending it. Control characters are taken out: they would
 * be keys. Without bracketed paste each line break would be an Enter, so the lines are joined.
 */
export function encodePaste(text: string, { bracketed }: { readonly bracketed: boolean }): string {
  const clean = printable(text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ')).trimEnd();
  if (!bracketed) return clean.replaceAll(/\s*\n\s*/g, ' ');
  return `${PASTE_START}${clean.replaceAll('\n', '\r')}${PASTE_END}`;
}

const SHORT_MS = 50;
const LONGEST_MS = 1000;

/** Between the text and Enter: an Enter that follows too fast is taken for a part of the paste. */
export function pauseBeforeEnter(text: string): number {
  return Math.min(LONGEST_MS, SHORT_MS + Math.ceil(text.length / 10));
}
