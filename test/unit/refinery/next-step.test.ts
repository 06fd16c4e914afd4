import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextStep } from '../../../src/refinery/next-step.ts';
import type { SearchFacts, TreeKnowledge } from '../../../src/refinery/next-step.ts';
import { simulate } from './simulate.ts';

const UNKNOWN: TreeKnowledge = { green: false, reds: [] };
const GREEN: TreeKnowledge = { green: true, reds: [] };
const RED: TreeKnowledge = { green: false, reds: ['a'] };

function facts(links: readonly TreeKnowledge[], more: Partial<SearchFacts> = {}): SearchFacts {
  return { base: GREEN, links, batch: 16, slots: 1, sameReds: 2, maxReds: 3, ...more };
}

describe('the next step of a chain', () => {
  it.each<[string, SearchFacts, unknown]>([
    ['an empty chain needs nothing', facts([]), { kind: 'idle' }],
    ['nothing known: as many as a batch', facts([UNKNOWN, UNKNOWN]), { kind: 'probe', positions: [2] }],
    ['a small batch', facts([UNKNOWN, UNKNOWN, UNKNOWN], { batch: 2 }), { kind: 'probe', positions: [2] }],
    [
      'several slots run several batches',
      facts([UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN], { batch: 2, slots: 3 }),
      { kind: 'probe', positions: [2, 4, 5] },
    ],
    ['what is proven lands at once', facts([GREEN, UNKNOWN, RED]), { kind: 'land', position: 1 }],
    ['the longest proof counts', facts([RED, UNKNOWN, GREEN]), { kind: 'land', position: 3 }],
    ['red: the middle', facts([UNKNOWN, UNKNOWN, UNKNOWN, RED]), { kind: 'probe', positions: [2] }],
    [
      'red, three slots: three points between',
      facts([UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, RED], { slots: 3 }),
      { kind: 'probe', positions: [2, 4, 6] },
    ],
    ['the shortest red counts', facts([UNKNOWN, RED, UNKNOWN, RED]), { kind: 'probe', positions: [1] }],
    [
      'a first suspect on a proven target is confirmed',
      facts([RED]),
      { kind: 'confirm', position: 1, spare: [] },
    ],
    [
      'idle slots prove the chain without the suspect meanwhile',
      facts([RED, UNKNOWN, UNKNOWN, UNKNOWN, RED], { slots: 3, batch: 3 }),
      { kind: 'confirm', position: 1, spare: [3, 4] },
    ],
    ['on an unproven one the target is asked first', facts([RED], { base: UNKNOWN }), { kind: 'prove-base' }],
    ['one red run of the target convinces nobody', facts([RED], { base: RED }), { kind: 'prove-base' }],
    ['two do', facts([RED], { base: { green: false, reds: ['x', 'x'] } }), { kind: 'target-broken' }],
    [
      'red twice in the same way',
      facts([{ green: false, reds: ['a', 'a'] }]),
      { kind: 'evict', position: 1 },
    ],
    [
      'red twice in different ways is run once more',
      facts([{ green: false, reds: ['a', 'b'] }]),
      { kind: 'confirm', position: 1, spare: [] },
    ],
    [
      'red twice in the same way where gates are flaky is run once more',
      facts([{ green: false, reds: ['a', 'a'] }], { sameReds: 3 }),
      { kind: 'confirm', position: 1, spare: [] },
    ],
    [
      'three times is enough',
      facts([{ green: false, reds: ['a', 'b', 'c'] }]),
      { kind: 'evict', position: 1 },
    ],
    [
      'red and green on the same files is green',
      facts([{ green: true, reds: ['a', 'a'] }]),
      { kind: 'land', position: 1 },
    ],
  ])('%s', (_, given, wanted) => {
    expect(nextStep(given)).toEqual(wanted);
  });

  it('probes only positions of the chain, each once, below the first red', () => {
    const link = fc.constantFrom(UNKNOWN, RED);
    fc.assert(
      fc.property(fc.array(link, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (links, slots) => {
        const step = nextStep(facts(links, { slots }));
        if (step.kind !== 'probe') return;
        const firstRed = links.findIndex((one) => one.reds.length > 0);
        const end = firstRed === -1 ? links.length : firstRed;
        expect(new Set(step.positions).size).toBe(step.positions.length);
        expect(step.positions.every((position) => position >= 1 && position <= end)).toBe(true);
        expect(step.positions.toSorted((a, b) => a - b)).toEqual(step.positions);
      }),
    );
  });
});

describe('the search as a whole', () => {
  const world = fc.integer({ min: 1, max: 40 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      bad: fc.uniqueArray(fc.integer({ min: 1, max: count }), { maxLength: Math.min(count, 6) }),
      slots: fc.integer({ min: 1, max: 6 }),
      maxBatch: fc.constantFrom(1, 2, 5, 32),
    }),
  );

  it('sends back exactly the bad changes and lands all others, whatever the slots and batch', () => {
    fc.assert(
      fc.property(world, ({ count, bad, slots, maxBatch }) => {
        const result = simulate({
          count,
          slots,
          maxBatch,
          isRed: (tree) => tree.some((id) => bad.includes(id)),
        });
        expect(new Set(result.evicted)).toEqual(new Set(bad));
        expect(result.evicted).toHaveLength(bad.length);
        expect(result.landed).toHaveLength(count - bad.length);
      }),
    );
  });

  it('of two that only fail together, sends back the later one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(29), fc.nat(29), (count, a, b) => {
        const [x, y] = [1 + (a % count), 1 + (b % count)];
        fc.pre(x !== y);
        const result = simulate({ count, isRed: (tree) => tree.includes(x) && tree.includes(y) });
        expect(result.evicted).toEqual([Math.max(x, y)]);
      }),
    );
  });

  it('ends, and lands what is good, where a later change mends an earlier one', () => {
    const result = simulate({ count: 8, isRed: (tree) => tree.includes(3) && !tree.includes(6) });
    expect(result.evicted).toEqual([]);
    expect(result.landed).toHaveLength(8);
  });

  it('sends nobody back while runs are red at random but never twice on the same files', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }),
        (count, coins) => {
          const seen = new Set<string>();
          const isRed = (tree: readonly number[], run: number): boolean => {
            const first = !seen.has(tree.join());
            seen.add(tree.join());
            return first && coins[run % coins.length] === true;
          };
          expect(simulate({ count, isRed }).evicted).toEqual([]);
        },
      ),
    );
  });

  it('one bad change at any place of eight: at most 7 runs, 6.8 on average, the confirming one included', () => {
    const runs = Array.from(
      { length: 8 },
      (_, index) => simulate({ count: 8, isRed: (tree) => tree.includes(index + 1) }).runs,
    );
    expect(Math.max(...runs)).toBeLessThanOrEqual(7);
    expect(runs.reduce((sum, one) => sum + one, 0) / 8).toBeLessThanOrEqual(6.8);
  });
});
