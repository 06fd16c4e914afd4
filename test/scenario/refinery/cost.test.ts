import { expect, it } from 'vitest';
import { addOutcomes, NO_OUTCOMES } from '../../../src/refinery/batch-size.ts';
import { COST_TABLE } from '../../unit/refinery/cost-table.ts';
import { badOnes, flakyRun, simulate } from '../../unit/refinery/simulate.ts';
import { landAll } from './land-all.ts';

/*
 * The means of the design are held for the search alone, over many worlds (test/unit/refinery/cost.test.ts); here the
 * whole engine makes exactly the runs of the search: nothing in git, ledger, caches or recovery costs a run more.
 */
/** What the engine knows after the one landing that proved the tip. */
const WARM = { isProven: true, outcomes: addOutcomes(NO_OUTCOMES, 1, 0) };

const cases = COST_TABLE.flatMap(({ changes, bad }) =>
  [1, 4].map((slots) => ({ changes, bad, slots, seed: changes + bad })),
);

it.each(cases)('$changes changes, $bad bad, $slots slots: the runs of the search, no more', async (world) => {
  const { changes: count, bad, slots, seed } = world;
  const culprits = badOnes(count, bad, seed);
  const search = simulate({
    count,
    slots,
    ...WARM,
    isRed: (tree) => tree.some((id) => culprits.has(id)),
  });
  const engine = await landAll({ count, slots, isBad: (id) => culprits.has(id) });
  expect(engine).toMatchObject({ runs: search.runs, rounds: search.rounds });
  expect(engine.landedAt.size).toBe(count - bad);
});

it.each([1, 2, 3, 4, 5, 6])('with flaky gates as well (%i)', async (seed) => {
  const culprits = badOnes(32, 3, seed);
  const isFlake = (run: number): boolean => flakyRun(seed, run);
  const search = simulate({
    count: 32,
    ...WARM,
    isRed: (tree, run) => tree.some((id) => culprits.has(id)) || isFlake(run),
  });
  const engine = await landAll({ count: 32, slots: 1, isBad: (id) => culprits.has(id), isFlake });
  expect(engine.runs).toBe(search.runs);
  expect(engine.landedAt.size).toBe(search.landed.length);
});
