import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCrewStartup } from '../../../src/crew/startup.ts';

const THERE = ['ann', 'emma', 'joe', 'max'];

describe('whom crew.startup means, of ann, emma, joe and max', () => {
  test.each<[string, readonly string[]]>([
    ['', []],
    ['none', []],
    ['all', THERE],
    ['All', THERE],
    ['max', ['max']],
    ['max, emma', ['max', 'emma']],
    ['max,emma and joe', ['max', 'emma', 'joe']],
    ['max, emma, and joe', ['max', 'emma', 'joe']],
    ['max max', []],
    ['max, max', ['max']],
    ['pick one', ['ann']],
    ['pick  one but not ann', ['emma']],
    ['all but not joe', ['ann', 'emma', 'max']],
    ['all, but not joe and ann', ['emma', 'max']],
    ['all except joe, max', ['ann', 'emma']],
    ['joe, zed', ['joe', 'zed']],
    ['max and emma but not emma', ['max']],
    ['none but not joe', []],
  ])('%j', (text, names) => {
    if (text === 'max max') expect(() => parseCrewStartup(text, THERE)).toThrow(/cannot be read/);
    else expect(parseCrewStartup(text, THERE)).toEqual(names);
  });

  test.each(['all of them', 'max; emma', '$(rm)', '*', 'max,, emma!', 'everybody!'])(
    '%j is refused',
    (text) => {
      expect(() => parseCrewStartup(text, THERE)).toThrow(
        expect.objectContaining({ code: 'crew.bad-startup' }) as Error,
      );
    },
  );

  test('an excepted one is never started, and nobody twice', () => {
    const name = fc.constantFrom(...THERE, 'zed');
    const wish = fc.oneof(fc.constantFrom('all', 'pick one', 'none'), fc.array(name, { minLength: 1 }));
    fc.assert(
      fc.property(wish, fc.array(name), (wished, left) => {
        const text = typeof wished === 'string' ? wished : wished.join(' and ');
        const names = parseCrewStartup(
          left.length === 0 ? text : `${text} but not ${left.join(', ')}`,
          THERE,
        );
        expect(new Set(names).size).toBe(names.length);
        expect(names.filter((each) => left.includes(each))).toEqual([]);
      }),
    );
  });
});
