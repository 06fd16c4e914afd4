import { join, resolve } from 'node:path';
import { createPrograms } from './cli.ts';
import { readOptions } from './options.ts';
import { createBoard, isFinal, readRows } from './progress.ts';
import { renderReport } from './report.ts';
import { chooseDir, createBeads, gateCommand, slingAll } from './work.ts';
import type { Programs } from './cli.ts';
import type { Options } from './options.ts';
import type { Row } from './progress.ts';
import type { TourBead } from './work.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DEADLINE_MS = 10 * 60_000;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), ROOT);
  const programs = createPrograms(ROOT, options.town);
  let up = false;
  const stop = async () => {
    if (up && !options.keep) await programs.gt(['down']);
    up = false;
  };
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  try {
    const { beads, dir } = await build(programs, options);
    say('\nStarting the town. Each worker (polecat) has its own git worktree and tmux pane.\n');
    up = true;
    await programs.gt(['up', '--quiet']);
    const started = performance.now();
    const maker = join(ROOT, 'scripts/tour/make-page.ts');
    const [rows] = await Promise.all([
      watch(programs, options.rig, beads, started),
      slingAll(programs, beads, { options, dir, maker }),
    ]);
    say(
      await renderReport(programs, {
        options,
        beads,
        rows,
        dir,
        seconds: (performance.now() - started) / 1000,
      }),
    );
    return rows.filter((row) => row.shown === 'landed').length === 7 &&
      rows.some((row) => row.shown === 'sent back')
      ? 0
      : 1;
  } finally {
    await stop();
  }
}

async function build(
  programs: Programs,
  options: Options,
): Promise<{ readonly beads: readonly TourBead[]; readonly dir: string }> {
  say(`A new town in ${options.town}`);
  await programs.gt(['install', options.town, '--store', options.store]);
  await programs.gt(['config', 'set', 'scheduler.max_polecats', '-1']);
  say(`A rig (project) '${options.rig}' on a bare copy of ${options.repo}; the original is only read`);
  await programs.gt(['rig', 'add', options.rig, options.repo, '--mirror']);
  const dir = await chooseDir(programs, join(options.town, options.rig, 'mayor/rig'));
  await programs.gt(['rig', 'settings', 'set', options.rig, 'merge_queue.test_command', gateCommand(dir)]);
  const beads = await createBeads(programs, options.rig);
  say(`Eight beads (tasks): pages about the repository in ${dir}/, one of which will break the gate`);
  return { beads, dir };
}

/** Polls until every bead has landed or been sent back; shows each change. */
async function watch(
  programs: Programs,
  rig: string,
  beads: readonly TourBead[],
  started: number,
): Promise<readonly Row[]> {
  const draw = createBoard(process.stdout);
  for (;;) {
    const rows = await readRows(programs, rig, beads);
    const elapsed = performance.now() - started;
    draw(rows, elapsed);
    if (rows.every(isFinal)) return rows;
    if (elapsed > DEADLINE_MS)
      throw new Error(
        `not finished after ${DEADLINE_MS / 60_000} minutes: look at it with gt status in the town`,
      );
    await new Promise((wake) => setTimeout(wake, 500));
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\nError: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
