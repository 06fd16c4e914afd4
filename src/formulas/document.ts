import { TomlError, parse } from 'smol-toml';
import { UsageError, messageOf } from '../core/errors.ts';

/** The values in a TOML file, or a JSON one by its name. Throws UsageError `formula.bad` with the line. */
export function readDocument(text: string, source: string): unknown {
  try {
    return source.endsWith('.json') ? JSON.parse(text) : parse(text);
  } catch (error) {
    const line = error instanceof TomlError ? `:${error.line}` : '';
    // smol-toml draws the place below its message.
    const why = messageOf(error instanceof TomlError ? (error.message.split('\n')[0] ?? '') : error);
    throw new UsageError({
      code: 'formula.bad',
      message: `${source}${line}: ${why.replace(/^Invalid TOML document: /, '')}`,
      hint: 'Correct the file, then: bd formula show <name>',
      cause: error,
    });
  }
}
