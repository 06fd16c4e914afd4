/** `#` starts a format, also in start folders, labels and menus. */
export function formatText(text: string): string {
  return text.replaceAll('#', '##');
}

/** A word as it is, for a POSIX shell or for tmux's own command language, whose quotes are the same. */
export function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word of a tmux command line that ends in `;` would separate two commands. */
export function wholeWord(word: string): string {
  return word.endsWith(';') ? `${word.slice(0, -1)}\\;` : word;
}
