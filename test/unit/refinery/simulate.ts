import { addOutcomes, batchSize, NO_OUTCOMES } from '../../../src/refinery/batch-size.ts';
import type { Outcomes } from '../../../src/refinery/batch-size.ts';
import { nextStep } from '../../../src/refinery/next-step.ts';
import type { TreeKnowledge } from '../../../src/refinery/next-step.ts';

export interface Simulation {
  readonly landed: readonly number[];
  readonly evicted: readonly number[];
  readonly runs: number;
  /** Rounds of runs side by side. */
  readonly rounds: number;
}

export interface World {
  readonly count: number;
  /** Is the tree made of these changes (ids, in order) red in this run? */
  readonly isRed: (changes: readonly number[], run: number) => boolean;
  readonly slots?: number;
  readonly maxBatch?: number;
}

/** The search of one lane against a known world: what the engine does, without git, ledger and processes. */
export function simulate({ count, isRed, slots = 1, maxBatch = 32 }: World): Simulation {
  let chain = Array.from({ length: count }, (_, index) => index + 1);
  const landed: number[] = [];
  const evicted: number[] = [];
  const green = new Set<string>();
  const reds = new Map<string, string[]>();
  let outcomes: Outcomes = NO_OUTCOMES;
  let runs = 0;
  let rounds = 0;
  const treeAt = (position: number, of = chain): readonly number[] => [...landed, ...of.slice(0, position)];
  const known = (position: number): TreeKnowledge => {
    const key = treeAt(position).join();
    return { green: green.has(key), reds: reds.get(key) ?? [] };
  };
  const run = (tree: readonly number[]): boolean => {
    const key = tree.join();
    if (green.has(key)) return true;
    runs += 1;
    const red = isRed(tree, runs);
    if (red) reds.set(key, [...(reds.get(key) ?? []), 'same']);
    else green.add(key);
    return !red;
  };
  const round = (...lines: readonly (readonly (readonly number[])[])[]): void => {
    rounds += 1;
    // A red run stops the longer ones of its line.
    for (const trees of lines) trees.every((tree) => run(tree));
  };
  for (let step = 0; step < 10_000; step += 1) {
    const next = nextStep({
      base: known(0),
      links: chain.map((_, index) => known(index + 1)),
      batch: batchSize(outcomes, maxBatch),
      slots,
      maxReds: 3,
    });
    switch (next.kind) {
      case 'idle':
      case 'target-broken':
        return { landed, evicted, runs, rounds };
      case 'land':
        landed.push(...chain.slice(0, next.position));
        chain = chain.slice(next.position);
        outcomes = addOutcomes(outcomes, next.position, 0);
        break;
      case 'evict':
        evicted.push(...chain.slice(next.position - 1, next.position));
        chain = chain.filter((_, index) => index !== next.position - 1);
        outcomes = addOutcomes(outcomes, 0, 1);
        break;
      case 'prove-base':
        round([treeAt(0)]);
        break;
      case 'confirm': {
        const without = chain.filter((_, index) => index !== next.position - 1);
        round(
          [treeAt(next.position)],
          next.spare.map((position) => treeAt(position, without)),
        );
        break;
      }
      case 'probe':
        round(next.positions.map((position) => treeAt(position)));
        break;
    }
  }
  throw new Error('the search does not end');
}
