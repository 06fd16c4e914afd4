import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wavesOf } from '../../../src/beads/graphs/waves.ts';

test('waves: what depends on nothing first, then what that frees; circles and what is behind them in none', () => {
  const dependsOn = new Map([
    ['c', ['a', 'b']],
    ['d', ['c']],
    ['x', ['y']],
    ['y', ['x']],
    ['z', ['x', 'a']],
  ]);
  expect(wavesOf(['d', 'c', 'b', 'a', 'x', 'y', 'z'], dependsOn)).toEqual({
    waves: [['a', 'b'], ['c'], ['d']],
    stuck: ['x', 'y', 'z'],
  });
  expect(wavesOf([], new Map())).toEqual({ waves: [], stuck: [] });
});

test('every id is in one wave or stuck, and after all that it depends on', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const targets = fc.array(fc.tuple(fc.constantFrom(...ids), fc.array(fc.constantFrom(...ids))));
  fc.assert(
    fc.property(targets, (pairs) => {
      const dependsOn = new Map(pairs);
      const { waves, stuck } = wavesOf(ids, dependsOn);
      expect([...waves.flat(), ...stuck].toSorted()).toEqual(ids);
      for (const [index, wave] of waves.entries()) {
        const earlier = new Set(waves.slice(0, index).flat());
        for (const id of wave) expect((dependsOn.get(id) ?? []).every((on) => earlier.has(on))).toBe(true);
      }
      for (const id of stuck) {
        expect((dependsOn.get(id) ?? []).some((on) => stuck.includes(on))).toBe(true);
      }
    }),
  );
});
