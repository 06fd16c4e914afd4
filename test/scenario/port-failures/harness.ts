import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { CommandSpec } from '../../../src/cli/command.ts';
import type { Program } from '../../../src/cli/program.ts';
import type { Dress } from '../../../src/machine.ts';
import { ExternalError, messageOf } from '../../../src/core/errors.ts';
import { createBareRepository, git } from '../../e2e/support/repository.ts';
import { createFaults } from '../../fakes/faults.ts';
import { runGt, runIn } from '../../unit/cli/run-gt.ts';
import type { Run } from '../../unit/cli/support.ts';

/*
 * P14: each port that a command uses fails once: one line, or the command does without; never a stack, never half a
 * document, and the same command works afterwards.
 */

const PORTS = [
  'files',
  'git.objects',
  'git.remotes',
  'git.worktrees',
  'git.snapshots',
  'processes',
  'ipc',
  'store',
  'tmux',
  'locks',
  'panes',
];

/** A town with one rig, a crew workspace, a polecat, an open bead, an epic and a merge request. */
export interface Sample {
  readonly home: string;
  readonly bead: string;
  readonly epic: string;
  readonly mr: string;
  dispose(): void;
}

/** A program whose commands are tried. */
export interface Subject {
  readonly program: Program;
  /** Words after those of the path. */
  readonly wordsOf: (spec: CommandSpec, sample: Sample) => readonly string[];
  /** Commands after which the town is as it was: they can share one. */
  readonly reads: RegExp;
  /** The errors that a failed run printed. */
  readonly errorsOf: (spec: CommandSpec, run: Run) => readonly string[];
  /** Commands whose exit code and words say more than one line can. */
  readonly reports?: RegExp;
}

export async function makeSample(): Promise<Sample> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'gt-ports-')));
  const town = join(home, 'sample/town');
  createBareRepository(join(home, 'origin.git'));
  const made = [
    ['install', town],
    ['rig', 'add', 'demo', join(home, 'origin.git'), '--prefix', 'de'],
    ['crew', 'add', 'ann', '--rig', 'demo'],
    ['config', 'set', 'default_agent', 'script'],
    ['polecat', 'pool-init', 'demo', '--size', '1'],
  ];
  for (const words of made) {
    const { code, stderr } = await runGt({ home, cwd: words[0] === 'install' ? home : town }, words);
    expect(code, stderr).toBe(0);
  }
  const bead = create(home, 'Some work');
  const epic = create(home, 'Much work', '-t', 'epic');
  await submitWork(home, bead);
  const queue = await runGt({ home, cwd: town }, ['mq', 'list', 'demo', '--json']);
  const mr = (JSON.parse(queue.stdout) as { id: string }[])[0]?.id ?? '';
  return { home, bead, epic, mr, dispose: () => rmSync(home, { recursive: true, force: true }) };
}

function create(home: string, ...words: readonly string[]): string {
  return execFileSync(resolve('bin/bd'), ['create', ...words, '--rig', 'demo', '--silent'], {
    cwd: join(home, 'sample/town'),
    env: { HOME: home, PATH: process.env['PATH'], GT_TEST: '1' },
    encoding: 'utf8',
  }).trim();
}

/** So that the merge queue is not empty. */
async function submitWork(home: string, bead: string): Promise<void> {
  const clone = join(home, 'sample/town/demo/crew/ann');
  git(clone, 'checkout', '-q', '-b', 'feature');
  writeFileSync(join(clone, 'new.txt'), 'new\n');
  git(clone, 'add', '-A');
  git(clone, 'commit', '-q', '-m', 'Work');
  const { code, stderr } = await runGt({ home, cwd: clone }, ['mq', 'submit', '--issue', bead]);
  expect(code, stderr).toBe(0);
}

/** What is wrong with a command when each port that it uses fails once, one line each. */
export async function tryCommand(
  subject: Subject,
  sample: Sample,
  spec: CommandSpec,
): Promise<readonly string[]> {
  const run = (town: string, port?: string) => runWith(subject, sample, { town, spec, port });
  const isRead = subject.reads.test(spec.path);
  const inTown = <T>(work: (town: string) => Promise<T>) =>
    isRead ? work(join(sample.home, 'sample/town')) : inCopy(sample, work);
  const well = await inTown((town) => run(town));
  const ports = PORTS.filter((port) =>
    well.used.some((call) => call.startsWith(`${port}.`) && !call.endsWith('.close')),
  );
  const found: string[] = await mismatches(spec, well);
  for (const port of ports) {
    await inTown(async (town) => {
      const failed = complaint(subject, spec, await run(town, port));
      if (failed !== '') found.push(`${port}: ${failed}`);
      if (isRead) return;
      const after = complaint(subject, spec, await run(town));
      if (after !== '' && complaint(subject, spec, well) === '') found.push(`after ${port}: ${after}`);
    });
  }
  return found;
}

let copies = 0;

async function inCopy<T>({ home }: Sample, work: (town: string) => Promise<T>): Promise<T> {
  copies += 1;
  const folder = join(home, `copy-${copies}`);
  cpSync(join(home, 'sample'), folder, { recursive: true, verbatimSymlinks: true });
  try {
    return await work(join(folder, 'town'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Try {
  readonly town: string;
  readonly spec: CommandSpec;
  /** Fails at its first call. */
  readonly port: string | undefined;
}

async function runWith(
  subject: Subject,
  sample: Sample,
  { town, spec, port }: Try,
): Promise<Run & { readonly used: readonly string[] }> {
  const faults = createFaults(
    port === undefined ? {} : { only: new RegExp(`^${port.replace('.', '\\.')}\\.(?!close$)`) },
  );
  if (port !== undefined)
    faults.failAt(1, new ExternalError({ code: 'test.failed', message: `${port} said no` }));
  const dress: Dress = (name, each) => faults.wrap(name, each);
  const place = {
    home: sample.home,
    cwd: join(town, 'demo/crew/ann'),
    env: { GT_TOWN_ROOT: town },
    dress,
  };
  const json = spec.json === true ? ['--json'] : [];
  const words = [...spec.path.split(' '), ...subject.wordsOf(spec, sample), ...json];
  return { ...(await runIn(subject.program, place, words)), used: faults.calls };
}

/** What a document has that its schema does not say, or the other way. */
async function mismatches(spec: CommandSpec, { code, stdout }: Run): Promise<string[]> {
  const schema = spec.json === true && code === 0 ? (await spec.load?.())?.schema : undefined;
  if (schema === undefined) return [];
  // bd adds its version to each object that it prints.
  const { schema_version: _, ...rest } = JSON.parse(stdout) as { readonly schema_version?: number };
  const doc: unknown = stdout.startsWith('[') ? JSON.parse(stdout) : rest;
  try {
    return isDeepStrictEqual(schema.parse(doc), doc) ? [] : [`schema without all keys of ${stdout}`];
  } catch (error) {
    return [`schema: ${messageOf(error)} for ${stdout}`];
  }
}

function complaint(subject: Subject, spec: CommandSpec, run: Run): string {
  if (/\n\s+at |a fault in gt|TypeError/.test(run.stderr)) return `crashed: ${run.stderr}`;
  if (run.code === 0 || subject.reports?.test(spec.path) === true) return '';
  if (spec.json === true && run.stdout !== '')
    return `ended with ${run.code} and printed: ${run.stdout.slice(0, 200)}`;
  const errors = subject.errorsOf(spec, run);
  return errors.length === 1 ? '' : `${errors.length} errors: ${run.stderr}${run.stdout}`;
}

/** Values for the words and flags that a command cannot do without; by their names. */
export function requiredWords(
  { args = [], flags = [] }: CommandSpec,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...args.filter(({ required }) => required === true).map(({ name }) => values[name] ?? 'x'),
    ...flags
      .filter(({ required }) => required === true)
      .flatMap(({ name }) => [`--${name}`, values[name] ?? 'x']),
  ];
}
