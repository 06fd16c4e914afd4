import { oneLine } from '../core/text.ts';

/**
 * Text of a bead, mail or remote as one line that a prompt may quote: nothing in it can end a tag, start a line
 * of its own or steer a terminal (P26).
 */
export function inert(text: string, max = 200): string {
  return oneLine(text, max).replaceAll('<', '‹').replaceAll('>', '›');
}

/** The same for text of several lines; line breaks stay, each line is quoted by `> ` so it cannot pose as ours. */
export function quoted(text: string, maxLines: number): readonly string[] {
  const lines = text.split('\n').map((line) => inert(line, 400));
  while (lines.at(-1) === '') lines.pop();
  const shown = lines.slice(0, maxLines).map((line) => `> ${line}`.trimEnd());
  return lines.length > maxLines ? [...shown, `> … (${lines.length - maxLines} more lines)`] : shown;
}
