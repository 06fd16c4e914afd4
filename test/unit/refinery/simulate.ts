import { createHash } from 'node:crypto';
import { addOutcomes, batchSize, NO_OUTCOMES } from '../../../src/refinery/batch-size.ts';
import type { Outcomes } from '../../../src/refinery/batch-size.ts';
import { nextStep } from '../../../src/refinery/next-step.ts';
import type { TreeKnowledge } from '../../../src/refinery/next-step.ts';

export interface Simulation {
  readonly landed: readonly number[];
  readonly evicted: readonly number[];
  /** Every run that was started, also one that a shorter red one stopped. */
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
  /** The target's tip has passed already, as one that the queue has landed. */
  readonly isProven?: boolean;
  /** A flake was seen before. */
  readonly knownFlaky?: boolean;
  /** What the lane knows of earlier ones. */
  readonly outcomes?: Outcomes;
}

/** The search of one lane against a known world: what the engine does, without git, ledger and processes. */
export function simulate({
  count,
  isRed,
  slots = 1,
  maxBatch = 32,
  isProven = false,
  outcomes: first = NO_OUTCOMES,
  knownFlaky = false,
}: World): Simulation {
  let chain = Array.from({ length: count }, (_, index) => index + 1);
  const landed: number[] = [];
  const evicted: number[] = [];
  const green = new Set<string>(isProven ? [''] : []);
  const reds = new Map<string, string[]>();
  let outcomes = first;
  let isFlaky = knownFlaky;
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
    else {
      green.add(key);
      isFlaky ||= reds.has(key);
    }
    return !red;
  };
  const round = (...lines: readonly (readonly (readonly number[])[])[]): void => {
    rounds += 1;
    // A red run stops the longer ones of its line: they were started, and answer nothing.
    for (const trees of lines) {
      const told = trees.findIndex((tree) => !run(tree));
      if (told !== -1) runs += trees.slice(told + 1).filter((tree) => !green.has(tree.join())).length;
    }
  };
  for (let step = 0; step < 10_000; step += 1) {
    const next = nextStep({
      base: known(0),
      links: chain.map((_, index) => known(index + 1)),
      batch: batchSize(outcomes, maxBatch),
      slots,
      sameReds: isFlaky ? 3 : 2,
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

/** `culprits` different numbers of 1 … count, the same for the same seed. */
export function badOnes(count: number, culprits: number, seed: number): ReadonlySet<number> {
  const bad = new Set<number>();
  let state = seed * 2_654_435_761 + 1;
  while (bad.size < culprits) {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    bad.add(1 + Math.floor((state / 4_294_967_296) * count));
  }
  return bad;
}

/** Is this run red for nothing? One in twenty is, always the same ones of a seed. */
export function flakyRun(seed: number, run: number): boolean {
  return createHash('sha1').update(`${seed} ${run}`).digest().readUInt16BE() < 65_536 / 20;
}
