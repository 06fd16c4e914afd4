import type { QueryNode } from './node.ts';
import { syntaxError, tokensOf, type Token } from './tokens.ts';

/** Parentheses and NOTs inside each other: more than this is no query a person wrote. */
const DEEPEST = 200;
/** Engines take about a thousand terms in one condition. */
const MOST_COMPARISONS = 300;

/**
 * `status=open AND (priority<2 OR label=urgent) AND NOT title~wip`: NOT binds tighter than AND, AND than OR.
 * Names of fields are checked when the query is compiled. Throws UsageError `query.syntax`.
 */
export function parseQuery(query: string): QueryNode {
  const parser = createParser(tokensOf(query));
  const node = parser.either(0);
  const rest = parser.peek();
  if (rest.kind === 'end') return node;
  throw syntaxError(
    rest.at,
    rest.kind === ')' ? "this ')' closes nothing" : `AND or OR is missing before ${told(rest)}`,
  );
}

function createParser(tokens: readonly Token[]) {
  let index = 0;
  const peek = (): Token => tokens[index] ?? { kind: 'end', text: '', at: 0 };
  const take = (): Token => {
    const token = peek();
    index += 1;
    return token;
  };
  const chain = (kind: 'and' | 'or', part: () => QueryNode): QueryNode => {
    let left = part();
    while (peek().kind === kind) {
      take();
      left = { kind, left, right: part() };
    }
    return left;
  };
  const either = (depth: number): QueryNode => chain('or', () => chain('and', () => single(depth)));
  const single = (depth: number): QueryNode => {
    const token = take();
    if (depth > DEEPEST) throw syntaxError(token.at, 'the query is nested too deeply');
    if (token.kind === 'not') return { kind: 'not', operand: single(depth + 1) };
    if (token.kind === '(') return closed(token, either(depth + 1));
    return comparison(token);
  };
  const closed = (open: Token, node: QueryNode): QueryNode => {
    const token = take();
    if (token.kind === ')') return node;
    throw token.kind === 'end'
      ? syntaxError(open.at, "this '(' is never closed")
      : syntaxError(token.at, `AND, OR or ')' is missing before ${told(token)}`);
  };
  let comparisons = 0;
  const comparison = (field: Token): QueryNode => {
    comparisons += 1;
    if (comparisons > MOST_COMPARISONS)
      throw syntaxError(field.at, `a query has at most ${MOST_COMPARISONS} comparisons`);
    if (field.kind !== 'word')
      throw syntaxError(field.at, `a field such as status is missing before ${told(field)}`);
    const op = take();
    if (op.kind !== 'op') {
      throw syntaxError(op.at, `= or another operator is missing after '${field.text}'`);
    }
    const value = take();
    if (value.kind !== 'word' && value.kind !== 'text') {
      throw syntaxError(value.at, `the value is missing after '${field.text}${op.text}'`);
    }
    return { kind: 'compare', field: field.value.toLowerCase(), op: op.op, value: value.value };
  };
  return { either, peek };
}

function told(token: Token): string {
  return token.kind === 'end' ? 'the end' : `'${token.text.slice(0, 40)}'`;
}
