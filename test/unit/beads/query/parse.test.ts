import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { allNodes, comparisonsOf, queryText, type QueryNode } from '../../../../src/beads/query/node.ts';
import { parseQuery } from '../../../../src/beads/query/parse.ts';
import { GtError } from '../../../../src/core/errors.ts';

test.each([
  ['status=open', 'status=open'],
  ['ephemeral=true AND label=x', '(ephemeral=true AND label=x)'],
  ['a=1 OR b=2 AND c=3', '(a=1 OR (b=2 AND c=3))'],
  ['(a=1 or b=2) and not c=3', '((a=1 OR b=2) AND NOT c=3)'],
  ['NOT NOT a=1', 'NOT NOT a=1'],
  ['a=1 AND b=2 AND c=3', '((a=1 AND b=2) AND c=3)'],
  ['Priority<=2 AND updated>7d', '(priority<=2 AND updated>7d)'],
  [`title~"a \\"b\\" AND c" AND x!='it\\'s'`, `(title~"a \\"b\\" AND c" AND x!="it's")`],
  ['id=bd-* AND created>=2026-01-02T03:04:05Z', '(id=bd-* AND created>=2026-01-02T03:04:05Z)'],
  ['label=gt:agent', 'label=gt:agent'],
  ["description=''", 'description=""'],
  ['title=漢字', 'title=漢字'],
])('%s is read as %s', (query, understood) => {
  expect(queryText(parseQuery(query))).toBe(understood);
});

test.each([
  ['', 1, 'a field such as status is missing before the end'],
  ['status', 7, "= or another operator is missing after 'status'"],
  ['status=', 8, "the value is missing after 'status='"],
  ['(status=open', 1, "this '(' is never closed"],
  ['status=open)', 12, "this ')' closes nothing"],
  ['status=open priority=1', 13, "AND or OR is missing before 'priority'"],
  ['(a=1 b=2)', 6, "AND, OR or ')' is missing before 'b'"],
  ['a=1 AND', 8, 'a field such as status is missing before the end'],
  ['title="open', 7, 'the text that begins with " never ends'],
  ['a ! b', 3, "'!' alone means nothing"],
  ['"a"=1', 1, `a field such as status is missing before '"a"'`],
  ['('.repeat(5000), 202, 'nested too deeply'],
  [`${'NOT '.repeat(5000)}a=1`, 805, 'nested too deeply'],
  [Array.from({ length: 3000 }, () => 'a=1').join(' AND '), 2401, 'at most 300 comparisons'],
])('%j is refused at character %i: %s', (query, at, problem) => {
  const error = errorOf(() => parseQuery(query));
  expect(error).toMatchObject({ code: 'query.syntax' });
  expect(error.message).toContain(`bad query at character ${at}: `);
  expect(error.message).toContain(problem);
});

const compare = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom('status', 'title', 'metadata.a-b'),
  op: fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '~', '!~'),
  value: fc.string({ unit: 'grapheme' }),
});
const { node } = fc.letrec<{ node: QueryNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    compare,
    fc.record({ kind: fc.constant('not' as const), operand: tie('node') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      left: tie('node'),
      right: tie('node'),
    }),
  ),
}));

test('what a query was understood as is read the same again', () => {
  fc.assert(
    fc.property(node, (query) => {
      expect(parseQuery(queryText(query))).toEqual(query);
    }),
  );
});

test('any text is a query or one clear line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        parseQuery(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'query.syntax' });
      }
    }),
  );
});

test('all comparisons of a query are found, left to right', () => {
  const query = parseQuery('a=1 AND (NOT b=2 OR c=3)');
  expect(comparisonsOf(query).map(({ field }) => field)).toEqual(['a', 'b', 'c']);
  expect(allNodes([])).toBeUndefined();
});

function errorOf(work: () => unknown): GtError {
  try {
    work();
  } catch (error) {
    if (error instanceof GtError) return error;
  }
  throw new Error('no error');
}
