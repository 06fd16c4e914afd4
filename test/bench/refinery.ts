import { parseArgs } from 'node:util';
import { landAll } from '../scenario/refinery/land-all.ts';
import { badOnes } from '../unit/refinery/simulate.ts';
import { DESIGNS } from './queue-designs.ts';
import type { Course } from './queue-designs.ts';

/**
 * `npm run bench:refinery [-- --seeds 10]`: gate runs, rounds and time to land of the merge engine (the real one, on fakes)
 * beside other designs of a merge queue, on the same histories. The unit of time is one gate run.
 */
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10' } } });
const SEEDS = Number(values.seeds);
const HEADER = '| changes | bad | slots | design | gate runs | rounds | lands after, p50 | p95 |';

process.stdout.write(`${HEADER}\n|---|---|---|---|---|---|---|---|\n`);
for (const slots of [1, 4]) {
  for (const [count, bad] of [
    [8, 0],
    [8, 1],
    [8, 3],
    [32, 0],
    [32, 1],
    [32, 3],
    [100, 0],
    [100, 1],
    [100, 3],
  ] as const) {
    const worlds = Array.from({ length: SEEDS }, (_, seed) => badOnes(count, bad, seed));
    for (const [name, design] of Object.entries(DESIGNS)) {
      const courses = worlds.map((culprits) => design(changesOf(count, culprits), slots));
      print([count, bad, slots, name], courses);
    }
    const ours: Course[] = [];
    for (const culprits of worlds) ours.push(await engine(count, culprits, slots));
    print([count, bad, slots, '**gt**'], ours);
  }
}

function changesOf(count: number, culprits: ReadonlySet<number>): readonly boolean[] {
  return Array.from({ length: count }, (_, index) => culprits.has(index + 1));
}

async function engine(count: number, culprits: ReadonlySet<number>, slots: number): Promise<Course> {
  const landed = await landAll({ count, slots, isBad: (change) => culprits.has(change) });
  return { ...landed, landedAt: [...landed.landedAt.values()] };
}

function print(what: readonly (string | number)[], courses: readonly Course[]): void {
  const mean = (of: (course: Course) => number): string =>
    (courses.reduce((sum, course) => sum + of(course), 0) / courses.length).toFixed(1);
  const times = courses.flatMap(({ landedAt }) => landedAt).toSorted((a, b) => a - b);
  const share = (part: number): number =>
    times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0;
  const cells = [...what, mean(({ runs }) => runs), mean(({ rounds }) => rounds), share(0.5), share(0.95)];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
