import { widthOf } from './width.ts';

/** Words of `text` on lines of at most `cells`; a longer word stands alone. Line breaks in the text stay. */
export function wrap(text: string, cells: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, cells));
}

function wrapLine(line: string, cells: number): readonly string[] {
  if (widthOf(line) <= cells) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && widthOf(longer) > cells) {
      lines.push(current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}
