import { UsageError } from '../core/errors.ts';

/**
 * Splits a command line as a POSIX shell would read its words: blanks separate, '…' and "…" group, \ escapes.
 * Nothing is expanded. Throws UsageError `agent.bad-command` for an open quote or no word at all.
 */
export function splitCommandLine(text: string): readonly [string, ...string[]] {
  const words = text.match(WORD) ?? [];
  if (text.replaceAll(WORD, '').trim() !== '') throw badCommand(text, 'a quote or escape is not closed');
  const [command, ...rest] = words.map(unquote);
  if (command === undefined || command === '') throw badCommand(text, 'it names no program');
  return [command, ...rest];
}

/** The inverse, for people: words that need quotes get them. */
export function formatCommandLine(words: readonly string[]): string {
  return words
    .map((word) =>
      /^[\w@%+=:,./[\]{}~^-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ');
}

/* One word: runs of bare characters, escapes, and quoted parts that touch each other. */
const WORD = /(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^\s'"\\])+/g;
const PART = /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|([^\s'"\\]+)/g;

function unquote(word: string): string {
  return word.replaceAll(PART, (_all, ...parts: readonly (string | undefined)[]) => {
    const [single, double, escaped, bare] = parts;
    if (double !== undefined) return double.replaceAll(/\\(["\\$`])/g, '$1').replaceAll('\\\n', '');
    return single ?? escaped ?? bare ?? '';
  });
}

function badCommand(text: string, why: string): UsageError {
  return new UsageError({
    code: 'agent.bad-command',
    message: `'${text.slice(0, 80)}' is not a command: ${why}`,
    hint: "Write it as in a shell: gt config agent set fast 'claude --model haiku'",
  });
}
