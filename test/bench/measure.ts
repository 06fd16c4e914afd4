import { spawnSync } from 'node:child_process';

type Argv = readonly [string, ...string[]];

/** A command whose wall time is of interest. */
export interface BenchCase {
  readonly name: string;
  /** Writes take another bead each time: by the number of the run, the first, which is not measured, is 0. */
  readonly argv: Argv | ((run: number) => Argv);
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input?: string;
  /** What DESIGN D16 and the issue allow, in milliseconds above bare node, in all, or beyond another case. */
  readonly budget?:
    | { readonly above: number }
    | { readonly total: number }
    | { readonly beyond: string; readonly ms: number };
}

export interface Figure {
  readonly bench: BenchCase;
  /** Milliseconds of wall time. */
  readonly median: number;
  readonly fastest: number;
  /** Median over the median of `node -e 0` in the same run. */
  readonly ratio: number;
  readonly above: number;
}

const BASELINE: BenchCase = { name: 'node -e 0', argv: [process.execPath, '-e', '0'] };

/**
 * Runs every case `rounds` times in turn with the baseline, so that a slow minute of the machine falls on all of
 * them alike. Throws when a command fails: a broken command is fast.
 */
export function measure(cases: readonly BenchCase[], rounds: number): readonly Figure[] {
  const all = [BASELINE, ...cases];
  for (const bench of all) timeOnce(bench, 0);
  const times = all.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, bench] of all.entries()) times[index]?.push(timeOnce(bench, round + 1));
  }
  const base = medianOf(times[0] ?? []);
  return all.map((bench, index) => {
    const taken = times[index] ?? [];
    const middle = medianOf(taken);
    return { bench, median: middle, fastest: Math.min(...taken), ratio: middle / base, above: middle - base };
  });
}

function timeOnce({ argv, cwd, env, input }: BenchCase, run: number): number {
  const [program, ...args] = typeof argv === 'function' ? argv(run) : argv;
  const started = process.hrtime.bigint();
  const result = spawnSync(program, args, { cwd, env: env ?? process.env, input, encoding: 'utf8' });
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status === 0) return ms;
  throw new Error(
    `${[program, ...args].join(' ')} ended with ${result.status ?? result.signal}: ${result.stderr}`,
  );
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** One line per figure; a budget that is not kept is marked, never an error: this machine is not every machine. */
export function renderFigures(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ bench }) => bench.name.length));
  const head = `  ${'command'.padEnd(width)}  median  fastest  above node   ratio  budget`;
  const lines = figures.map(({ bench, median: middle, fastest, above, ratio }) => {
    const numbers = [
      middle.toFixed(1).padStart(6),
      fastest.toFixed(1).padStart(7),
      `+${above.toFixed(1)}`.padStart(10),
      `${ratio.toFixed(2)}x`.padStart(6),
    ];
    return `  ${bench.name.padEnd(width)}  ${numbers.join('  ')}  ${budgetText(bench, { median: middle, above }, figures)}`.trimEnd();
  });
  return [head, ...lines].join('\n');
}

function budgetText(
  { budget }: BenchCase,
  { median: middle, above }: Pick<Figure, 'median' | 'above'>,
  figures: readonly Figure[],
): string {
  if (budget === undefined) return '';
  if ('beyond' in budget) {
    const other = figures.find(({ bench }) => bench.name === budget.beyond);
    const extra = middle - (other?.median ?? 0);
    const text = `${budget.beyond} +${budget.ms} ms (is +${extra.toFixed(0)})`;
    return extra <= budget.ms ? text : `${text}  OVER`;
  }
  const [kept, text] =
    'above' in budget
      ? [above <= budget.above, `+${budget.above} ms`]
      : [middle <= budget.total, `${budget.total} ms`];
  return kept ? text : `${text}  OVER`;
}
