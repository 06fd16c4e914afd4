import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src/sessions/seance/pattern.ts';

const finds = (pattern: string, text: string): boolean => parsePattern(pattern).regex.test(text);

describe('what gt seance --grep looks for', () => {
  it('a text means itself, in any case unless it has a capital', () => {
    expect(finds('a.b', 'x A.B y')).toBe(true);
    expect(finds('a.b', 'aXb')).toBe(false);
    expect(finds('Ab', 'ab')).toBe(false);
    expect(finds('Ab', 'xAb')).toBe(true);
  });

  it('between slashes it is a regular expression', () => {
    expect(finds('/fail(ed|s)/i', 'it FAILS')).toBe(true);
    expect(finds('/a.b/', 'a\nb')).toBe(false);
    expect(finds('/a.b/s', 'a\nb')).toBe(true);
    expect(finds('/tmp/x', 'see /TMP/x here')).toBe(true);
  });

  it('what is no pattern is refused with a reason', () => {
    expect(() => parsePattern('/(/')).toThrow('Unterminated group');
    expect(() => parsePattern('')).toThrow('empty');
  });

  it('takes the longest part that stands in JSON as it is', () => {
    expect(parsePattern('say "connection refused" now').holding).toBe('connection refused');
    expect(parsePattern('grüße an alle').holding).toBe('e an alle');
    expect(parsePattern('ab').holding).toBeUndefined();
    expect(parsePattern(String.raw`/error: \d+ items?/`).holding).toBe('error');
    expect(parsePattern('/(foobar|x)/').holding).toBeUndefined();
    expect(parsePattern('/longword?s*more/').holding).toBe('longwor');
  });

  it('never leaves out a piece of JSON in which a plain text stands', () => {
    const words = fc.string({
      unit: fc.constantFrom('a', 'B', ' ', '"', '\\', '\n', 'ü', '<', '/', '.', '{', '-'),
    });
    fc.assert(
      fc.property(words, words, words, (before, needle, after) => {
        fc.pre(needle !== '' && !/^\/.+\/[isu]*$/s.test(needle));
        const { regex, holding = '' } = parsePattern(needle);
        const text = before + needle + after;
        expect(regex.test(text)).toBe(true);
        expect(JSON.stringify({ text }).toLowerCase()).toContain(holding.toLowerCase());
      }),
    );
  });

  it('never leaves out a text that a regular expression fits', () => {
    const part = fc.constantFrom(
      'abc',
      'x',
      '.',
      String.raw`\d`,
      '[a-c]',
      'q?',
      'r*',
      's+',
      't{2}',
      String.raw`\.`,
      ' ',
      '^',
      'wxyz',
    );
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', 'x', '1', '.', 'r', 's', 't', 'w', 'y', 'z', ' ', 'q'),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), text, (parts, words) => {
        const { regex, holding = '' } = parsePattern(`/${parts.join('')}/`);
        if (regex.test(words)) expect(words.toLowerCase()).toContain(holding.toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });
});
