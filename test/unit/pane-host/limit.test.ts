import { describe, expect, it } from 'vitest';
import { findLimit, parseReset } from '../../../src/pane-host/limit.ts';
import { compilePatterns } from '../../../src/pane-host/rows.ts';
import { PRESETS } from '../../../src/runtimes/presets.ts';

const at = (day: number, hour: number, minute = 0): number => new Date(2026, 5, day, hour, minute).getTime();
const PATTERNS = compilePatterns(PRESETS['claude']?.rate_limit_patterns ?? []);

describe('when does a limit end?', () => {
  it.each([
    ["You've hit your limit · resets 7pm", at(1, 15), at(1, 19)],
    ['limit · resets 3:30am', at(1, 23), at(2, 3, 30)],
    ['limit resets at 12am', at(1, 23), at(2, 0)],
    ['limit resets at 12pm', at(1, 9), at(1, 12)],
    ['usage limit, resets 18:45', at(1, 9), at(1, 18, 45)],
    ['limit resets 7pm', at(1, 19), at(2, 19)],
    ['Please try again in 20 minutes', at(1, 9), at(1, 9, 20)],
    ['retry in 90s', at(1, 9), at(1, 9) + 90_000],
  ])('%s', (text, now, reset) => {
    expect(parseReset(text, now)).toBe(reset);
  });

  it.each(['limit reached', 'resets 25:00', 'resets 7:75', 'resets 14pm'])('%s names no time', (text) => {
    expect(parseReset(text, at(1, 9))).toBeUndefined();
  });
});

describe('limits on the screen', () => {
  it.each([
    "You've hit your weekly limit · resets 7pm",
    'API Error: Request rejected (429) · slow down',
    'Credit balance too low · Add funds: https://example.org',
    'Please run /login · API Error: 401 bad token',
  ])('%s', (text) => {
    expect(findLimit(['❯', text, '', ''], PATTERNS, at(1, 9))?.text).toBe(text);
  });

  it('counts at the bottom of the screen only', () => {
    const quotation = [
      "You've hit your limit · resets 7pm",
      ...Array.from({ length: 25 }, (_, row) => `line ${row}`),
    ];
    expect(findLimit(quotation, PATTERNS, at(1, 9))).toBeUndefined();
  });

  it('a pattern that is no regular expression is meant literally', () => {
    expect(findLimit(['too many (requests'], compilePatterns(['many (req']), at(1, 9))?.text).toBe(
      'too many (requests',
    );
  });
});
