import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { createBareRepository } from '../e2e/support/repository.ts';
import type { TestHome } from '../e2e/support/town.ts';
import type { BenchCase, Figure } from './measure.ts';
import { seedRows } from './seed.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** What the others are compared with, else the smallest. */
const BASE = '1000';
/** What growing from the base to the largest ledger may cost. */
const MOST_GROWTH = 1.5;
/** Ours may take this much of the real bd's time. */
const MOST_OF_REAL = 0.5;
/** Milliseconds of bd 1.0.5 on 10 issues, on a machine whose bare node takes 33. */
const RECORDED: Readonly<Record<string, number>> = { ready: 190, list: 250, create: 380 };

interface CurvePlan {
  readonly home: TestHome;
  readonly bd: string;
  readonly store: string;
  readonly sizes: readonly number[];
  readonly rounds: number;
}

/** The commands of bd on one rig per size, all in one town; beside them those of a real bd where it can open them. */
export async function buildCurve({
  home,
  bd,
  store,
  sizes,
  rounds,
}: CurvePlan): Promise<readonly BenchCase[]> {
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
    // Where there are too few tasks for a write per round, only what needs none.
    const some = (commands: typeof theirs) =>
      Object.entries(commands).filter(([name]) => writes.length > 4 * rounds + 4 || NEED_NO_TASK.has(name));
    for (const [name, argv] of some(ours)) cases.push({ ...place, name: `${name} ${size}`, argv });
    for (const [name, argv] of some(theirs)) cases.push({ ...place, name: `real ${name} ${size}`, argv });
  }
  return cases;
}

const NEED_NO_TASK = new Set(['ready', 'list', 'create']);

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

type Pick = 'median' | 'fastest';

/** Per command: each size against the base, and against the real bd; by the fastest too, which a busy machine spoils least. */
export function renderGrowth(figures: readonly Figure[]): string {
  return (['median', 'fastest'] as const).map((pick) => growthBy(figures, pick)).join('\n\n');
}

function growthBy(figures: readonly Figure[], pick: Pick): string {
  const times = new Map(figures.map((figure) => [figure.bench.name, figure[pick]]));
  const cases = [...times.keys()].flatMap((name) => /^(\w+) (\d+)$/.exec(name) ?? []);
  const names = new Set(cases.filter((_, at) => at % 3 === 1));
  const sizes = [...new Set(cases.filter((_, at) => at % 3 === 2))];
  const base = sizes.includes(BASE) ? BASE : (sizes[0] ?? '');
  const lines = [...names].map((name) => {
    const cells = sizes.flatMap((size) => cellOf(times, name, { size, base }));
    return `  ${name.padEnd(8)}${cells.join('   ')}`;
  });
  return [`  growth against ${base} beads, by the ${pick}`, ...lines].join('\n');
}

function cellOf(
  times: ReadonlyMap<string, number>,
  name: string,
  { size, base }: { readonly size: string; readonly base: string },
): readonly string[] {
  const ours = times.get(`${name} ${size}`);
  if (ours === undefined) return [];
  const ratio = (label: string, other: number | undefined, most: number) =>
    other === undefined ? [] : [`${label}${mark(ours / other, most)}`];
  const parts = [
    ...ratio('', times.get(`${name} ${base}`), MOST_GROWTH),
    ...ratio('of real bd ', times.get(`real ${name} ${size}`), MOST_OF_REAL),
    ...ratio('of bd as recorded ', size === '10' ? RECORDED[name] : undefined, MOST_OF_REAL),
  ];
  return [`${size}: ${parts.join(', ')}`];
}

function mark(ratio: number, most: number): string {
  return `${ratio.toFixed(2)}x${ratio > most ? ' OVER' : ''}`;
}
