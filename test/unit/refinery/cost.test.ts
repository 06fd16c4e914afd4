import { expect, it } from 'vitest';
import { COST_TABLE } from './cost-table.ts';
import { badOnes, flakyRun, simulate } from './simulate.ts';

const WORLDS = 300;

function means(changes: number, bad: number, slots: number) {
  const all = Array.from({ length: WORLDS }, (_, seed) => {
    const culprits = badOnes(changes, bad, seed);
    return simulate({
      count: changes,
      slots,
      isProven: true,
      isRed: (tree) => tree.some((id) => culprits.has(id)),
    });
  });
  const mean = (of: (one: (typeof all)[number]) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0) / WORLDS;
  return { runs: mean(({ runs }) => runs), rounds: mean(({ rounds }) => rounds) };
}

it.each(COST_TABLE)('$changes changes, $bad of them bad, cost no more than the design says', (row) => {
  const one = means(row.changes, row.bad, 1);
  const four = means(row.changes, row.bad, 4);
  expect(one.runs).toBeLessThanOrEqual(row.oneSlot * 1.15);
  expect(four.runs).toBeLessThanOrEqual(row.fourSlots.runs * 1.15);
  expect(four.rounds).toBeLessThanOrEqual(row.fourSlots.rounds * 1.15);
});

/** Good changes sent back, of a thousand, where every twentieth run is red for nothing. */
function falselySentBack(knownFlaky: boolean): number {
  const worlds = 3000;
  let falsely = 0;
  for (let seed = 0; seed < worlds; seed += 1) {
    const bad = badOnes(32, 3, seed);
    const isRed = (tree: readonly number[], run: number): boolean =>
      tree.some((id) => bad.has(id)) || flakyRun(seed, run);
    const { evicted } = simulate({ count: 32, isProven: true, knownFlaky, isRed });
    falsely += evicted.filter((id) => !bad.has(id)).length;
  }
  return (1000 * falsely) / (32 * worlds);
}

it('with flaky gates one good change in two thousand is sent back, and one in ten thousand once they are known', () => {
  expect(falselySentBack(false)).toBeLessThanOrEqual(0.5);
  expect(falselySentBack(true)).toBeLessThanOrEqual(0.1);
});
