/** Whole numbers from `start` to `end`, both included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * `1..2^{n}`: two expressions of whole numbers, `+ - * / ^` and brackets; `{n}` is filled in before.
 * Returns why it cannot be read otherwise.
 */
export function readRange(text: string): Range | string {
  const at = text.indexOf('..');
  if (at < 0) return 'write it as <start>..<end>';
  const ends = [text.slice(0, at), text.slice(at + 2)].map(evaluate);
  const bad = ends.find((end) => typeof end === 'string');
  if (typeof bad === 'string') return bad;
  const [start, end] = ends;
  if (typeof start !== 'number' || typeof end !== 'number') return 'write it as <start>..<end>';
  return end < start ? `it ends (${end}) before it begins (${start})` : { start, end };
}

const PRECEDENCE: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 3 };
const MAX_TEXT = 200;

/** The value of one expression, or why there is none. */
function evaluate(text: string): number | string {
  const missing = /\{[^}]*\}/.exec(text)?.[0];
  if (missing !== undefined) return `there is no value for ${missing}`;
  const words = text.match(/\d+|[-+*/^()]|\S/g) ?? [];
  if (words.length === 0 || text.length > MAX_TEXT) return 'write it as <start>..<end>';
  try {
    const parser = { words, at: 0 };
    const value = readSum(parser, 0);
    if (parser.at < words.length) return `${JSON.stringify(words[parser.at])} is not expected there`;
    return Number.isSafeInteger(value) ? value : `${text.trim()} is no whole number`;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

interface Reader {
  readonly words: readonly string[];
  at: number;
}

/** Precedence climbing: operators that bind at least as `floor`; `^` groups to the right. */
function readSum(reader: Reader, floor: number): number {
  let left = readTerm(reader);
  for (;;) {
    const operator = reader.words[reader.at] ?? '';
    const strength = PRECEDENCE[operator];
    if (strength === undefined || strength < floor) return left;
    reader.at += 1;
    left = apply(operator, left, readSum(reader, operator === '^' ? strength : strength + 1));
  }
}

function readTerm(reader: Reader): number {
  const word = reader.words[reader.at];
  reader.at += 1;
  if (word === '-') return -readSum(reader, PRECEDENCE['^'] ?? 3);
  if (word === '(') {
    const value = readSum(reader, 0);
    if (reader.words[reader.at] !== ')') throw new SyntaxError('a bracket is not closed');
    reader.at += 1;
    return value;
  }
  if (word === undefined || !/^\d+$/.test(word)) {
    throw new SyntaxError(
      word === undefined ? 'it ends too early' : `${JSON.stringify(word)} is not expected there`,
    );
  }
  return Number(word);
}

function apply(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return Math.trunc(left / right);
    default:
      return left ** right;
  }
}
