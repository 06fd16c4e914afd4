import { UsageError, messageOf } from '../../core/errors.ts';

/** What is looked for in transcripts. */
export interface Pattern {
  readonly regex: RegExp;
  /** Plain text that every hit holds, however it is written down; undefined = every piece must be read. */
  readonly holding: string | undefined;
}

/**
 * `/…/` is a regular expression (flags i, s, u may follow), anything else the text itself: in any case of its letters
 * unless one is a capital. UsageError `seance.bad-pattern`.
 */
export function parsePattern(text: string): Pattern {
  const written = /^\/(.+)\/([isu]*)$/s.exec(text);
  try {
    if (written !== null) {
      const [, source = '', flags = ''] = written;
      return { regex: new RegExp(source, flags), holding: requiredText(source) };
    }
    if (text === '') throw new SyntaxError('it is empty');
    const literal = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    return { regex: new RegExp(literal, /\p{Lu}/u.test(text) ? '' : 'i'), holding: longest(safeRuns(text)) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError({
      code: 'seance.bad-pattern',
      message: `'${text.slice(0, 60)}' cannot be looked for: ${messageOf(error)}`,
      hint: 'Write a text, or a regular expression between slashes: /fail(ed|s)/i',
    });
  }
}

/** Parts of a text that stand in JSON as they are: no quotes, escapes, controls or letters beyond ASCII. */
function safeRuns(text: string): readonly string[] {
  return text.match(/[\w .,:;=@#%!?+*()[\]{}|~^$-]+/g) ?? [];
}

/** A very short text is in every piece: looking for it first costs more than it saves. */
const SHORTEST = 3;

function longest(runs: readonly string[]): string | undefined {
  const [best] = runs.toSorted((a, b) => b.length - a.length);
  return best !== undefined && best.length >= SHORTEST ? best : undefined;
}

/** The longest run of plain letters that any match must hold. Alternatives and groups promise nothing. */
function requiredText(source: string): string | undefined {
  if (/[|()]/.test(source)) return undefined;
  const plain = source
    .replaceAll(/\[(?:\\.|[^\]])*\]/g, '\u0000')
    .replaceAll(/\\./g, '\u0000')
    // What may be missing, or there more than once, ends a run.
    .replaceAll(/.(?:[?*+]|\{[^}]*\})\??/g, '\u0000');
  return longest(plain.match(/[\w -]+/g) ?? []);
}
