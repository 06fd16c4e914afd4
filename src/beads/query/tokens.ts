import { UsageError } from '../../core/errors.ts';
import type { Operator } from './node.ts';

export type Token =
  | { readonly kind: 'and' | 'or' | 'not' | '(' | ')' | 'end'; readonly text: string; readonly at: number }
  | { readonly kind: 'op'; readonly op: Operator; readonly text: string; readonly at: number }
  | {
      readonly kind: 'word' | 'text';
      /** Without quotes and escapes. */
      readonly value: string;
      readonly text: string;
      readonly at: number;
    };

const OPERATORS: readonly Operator[] = ['!=', '<=', '>=', '!~', '=', '<', '>', '~'];
const KEYWORDS = ['and', 'or', 'not'] as const;

/** The query cut into words, texts, operators and parentheses; the last token is `end`. Throws UsageError `query.syntax`. */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ;) {
    at += /^\s*/.exec(query.slice(at))?.[0].length ?? 0;
    const token = tokenAt(query, at);
    tokens.push(token);
    if (token.kind === 'end') return tokens;
    at += token.text.length;
  }
}

function tokenAt(query: string, at: number): Token {
  const rest = query.slice(at);
  const [first = ''] = rest;
  if (first === '') return { kind: 'end', text: '', at };
  if (first === '(' || first === ')') return { kind: first, text: first, at };
  if (first === '"' || first === "'") return quoted(rest, first, at);
  const op = OPERATORS.find((operator) => rest.startsWith(operator));
  if (op !== undefined) return { kind: 'op', op, text: op, at };
  if (first === '!') throw syntaxError(at, "'!' alone means nothing: write != or NOT");
  const text = /^[^\s()=!<>~'"]+/.exec(rest)?.[0] ?? first;
  const keyword = KEYWORDS.find((word) => word === text.toLowerCase());
  return keyword === undefined ? { kind: 'word', value: text, text, at } : { kind: keyword, text, at };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

function quoted(rest: string, quote: string, at: number): Token {
  const text = (quote === '"' ? /^"(?:[^"\\]|\\[\s\S])*"/ : /^'(?:[^'\\]|\\[\s\S])*'/).exec(rest)?.[0];
  if (text === undefined) throw syntaxError(at, `the text that begins with ${quote} never ends`);
  const value = text
    .slice(1, -1)
    .replaceAll(/\\([\s\S])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
  return { kind: 'text', value, text, at };
}

/** `at` counts characters from 0. */
export function syntaxError(at: number, problem: string): UsageError {
  return new UsageError({
    code: 'query.syntax',
    message: `bad query at character ${at + 1}: ${problem}`,
    hint: 'Run: bd query --help',
  });
}
