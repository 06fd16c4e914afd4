import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { createBareRepository } from '../e2e/support/repository.ts';
import type { TestHome } from '../e2e/support/town.ts';
import type { BenchCase, Figure } from './measure.ts';
import { seedRows } from './seed.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** What growing from the smallest to the largest ledger may cost. */
const MOST_GROWTH = 1.5;
/** Ours may take this much of the real bd's time. */
const MOST_OF_REAL = 0.5;

interface CurvePlan {
  readonly home: TestHome;
  readonly bd: string;
  readonly store: string;
  readonly sizes: readonly number[];
}

/** The commands of bd on one rig per size, all in one town; beside them those of a real bd where it can open them. */
export async function buildCurve({ home, bd, store, sizes }: CurvePlan): Promise<readonly BenchCase[]> {
  const repository = createBareRepository(join(home.home, 'demo.git'));
  const real = store === 'dolt' ? realBd() : undefined;
  const cases: BenchCase[] = [];
  for (const size of sizes) {
    const rig = `s${size}`;
    await home.gt('rig', 'add', rig, repository, '--prefix', `p${size}`);
    const tasks = await seedRows({ root: home.town, env: home.env }, rig, size);
    const place = { cwd: join(home.town, rig), env: home.env };
    // Each write takes a task of its own, from the end: the first are what ready and list print.
    const writes = tasks.toReversed();
    const ours = commandsOf(bd, (run, offset) => writes[4 * run + offset] ?? '');
    const theirs =
      real === undefined ? {} : commandsOf(real, (run, offset) => writes[4 * run + offset + 2] ?? '');
    for (const [name, argv] of Object.entries(ours)) cases.push({ ...place, name: `${name} ${size}`, argv });
    for (const [name, argv] of Object.entries(theirs))
      cases.push({ ...place, name: `real ${name} ${size}`, argv });
  }
  return cases;
}

function commandsOf(
  bd: string,
  task: (run: number, offset: number) => string,
): Readonly<Record<string, BenchCase['argv']>> {
  return {
    ready: [bd, 'ready', '--json'],
    list: [bd, 'list', '--json'],
    show: (run) => [bd, 'show', task(run, 0), '--json'],
    create: (run) => [bd, 'create', `Made in run ${run}`, '--json'],
    update: (run) => [bd, 'update', task(run, 0), '--priority', '1', '--json'],
    close: (run) => [bd, 'close', task(run, 1), '--json'],
  };
}

/** A `bd` on PATH that is not this one. */
function realBd(): string | undefined {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'bd'));
  return found.find((path) => existsSync(path) && !realpathSync(path).startsWith(`${ROOT}/`));
}

/** Per command: each size against the smallest, and against the real bd. */
export function renderGrowth(figures: readonly Figure[]): string {
  const median = new Map(figures.map((figure) => [figure.bench.name, figure.median]));
  const names = [...median.keys()].flatMap((name) => /^(\w+) (\d+)$/.exec(name)?.slice(1, 2) ?? []);
  const sizes = [
    ...new Set([...median.keys()].flatMap((name) => /^\w+ (\d+)$/.exec(name)?.slice(1, 2) ?? [])),
  ];
  const lines = [...new Set(names)].map((name) => {
    const first = median.get(`${name} ${sizes[0]}`) ?? Number.NaN;
    const cells = sizes.map((size) => {
      const ours = median.get(`${name} ${size}`) ?? Number.NaN;
      const real = median.get(`real ${name} ${size}`);
      return [
        `${size}: ${mark(ours / first, MOST_GROWTH)}`,
        ...(real === undefined ? [] : [`of real bd ${mark(ours / real, MOST_OF_REAL)}`]),
      ].join(', ');
    });
    return `  ${name.padEnd(8)}${cells.join('   ')}`;
  });
  return ['  growth against the smallest ledger', ...lines].join('\n');
}

function mark(ratio: number, most: number): string {
  return `${ratio.toFixed(2)}x${ratio > most ? ' OVER' : ''}`;
}
