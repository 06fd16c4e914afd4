import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandSpec } from '../../src/cli/command.ts';
import { gt } from '../../src/cli/registry.ts';
import { ExternalError, messageOf } from '../../src/core/errors.ts';
import { createBareRepository, git } from '../e2e/support/repository.ts';
import { createFaults } from '../fakes/faults.ts';
import { runGt } from '../unit/cli/run-gt.ts';
import type { Run } from '../unit/cli/support.ts';

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

let home: string;
let sample: string;
let copies = 0;
let bead: string;
let epic: string;
let mr: string;

beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gt-ports-')));
  sample = join(home, 'sample');
  const town = join(sample, 'town');
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
  bead = create(town, 'Some work');
  epic = create(town, 'Much work', '-t', 'epic');
  await submitWork(join(town, 'demo/crew/ann'));
  const queue = await runGt({ home, cwd: town }, ['mq', 'list', 'demo', '--json']);
  mr = (JSON.parse(queue.stdout) as { id: string }[])[0]?.id ?? '';
});

function create(town: string, ...words: readonly string[]): string {
  return execFileSync(resolve('bin/bd'), ['create', ...words, '--rig', 'demo', '--silent'], {
    cwd: town,
    env: { HOME: home, PATH: process.env['PATH'], GT_TEST: '1' },
    encoding: 'utf8',
  }).trim();
}

/** So that the merge queue is not empty. */
async function submitWork(clone: string): Promise<void> {
  git(clone, 'checkout', '-q', '-b', 'feature');
  writeFileSync(join(clone, 'new.txt'), 'new\n');
  git(clone, 'add', '-A');
  git(clone, 'commit', '-q', '-m', 'Work');
  const { code, stderr } = await runGt({ home, cwd: clone }, ['mq', 'submit', '--issue', bead]);
  expect(code, stderr).toBe(0);
}
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Commands that go on until somebody ends them, belong to a terminal, start what outlives the test, or leave the town. */
const LEFT_OUT =
  /^(?:up|start|down|shutdown|daemon|feed|attach|peek|mayor|deacon|witness|boot|seance|session|pane-host|nudge-poller|quickstart|install|uninstall|upgrade|estop|crew (?:at|start|restart)|refinery (?:process|start|restart|attach|watch)|store migrate|completion|__complete|tmux|cycle|town|mol (?:step )?await|doctor|help|shell|enable|disable|stale|version|log)\b/;

const TRIED = gt.commands.filter(
  ({ path, load, hidden, passThrough }) =>
    load !== undefined && hidden !== true && passThrough !== true && !LEFT_OUT.test(path),
);

/** Words with which a command finds something; the others meet a clear refusal. */
function wordsFor(path: string): readonly string[] | undefined {
  switch (path) {
    case 'config get':
    case 'config explain':
      return ['scheduler.batch_size'];
    case 'config agent get':
      return ['claude'];
    case 'formula show':
    case 'formula overlay show':
      return ['mol-boot-triage'];
    case 'mq status':
    case 'mq explain':
    case 'refinery claim':
      return [mr];
    case 'mq retry':
    case 'mq reject':
    case 'mq post-merge':
      return ['demo', mr];
    case 'mq integration create':
    case 'mq integration status':
      return [epic];
    case 'polecat nuke':
      return ['demo/furiosa', '--force'];
    case 'polecat identity show':
      return ['demo', 'furiosa'];
    case 'rig add':
      return ['two', join(home, 'origin.git')];
    case 'rig remove':
      return ['demo', '--force'];
    case 'crew remove':
      return ['ann', '--force'];
    case 'sling':
      return [bead, 'demo', '--dry-run', '--agent', 'script', '--script', 'true'];
    default:
      return undefined;
  }
}

function wordsOf(spec: CommandSpec): readonly string[] {
  const json = spec.json === true ? ['--json'] : [];
  const state = spec.path === 'prime' ? ['--state'] : [];
  const words = wordsFor(spec.path) ?? requiredWords(spec);
  return [...spec.path.split(' '), ...words, ...json, ...state];
}

function requiredWords({ args = [], flags = [] }: CommandSpec): readonly string[] {
  const values: Readonly<Record<string, string>> = {
    rig: 'demo',
    agent: 'demo/crew/ann',
    polecat: 'demo/furiosa',
    polecats: 'demo/furiosa',
    name: 'ann',
    'old-name': 'ann',
    'new-name': 'bea',
    role: 'crew',
  };
  return [
    ...args
      .filter(({ required }) => required === true)
      .map(({ name }) => values[name] ?? (/bead|issue|id/.test(name) ? bead : 'x')),
    ...flags
      .filter(({ required }) => required === true)
      .flatMap(({ name }) => [`--${name}`, values[name] ?? 'x']),
  ];
}

/** Runs a command in the town that it is given, with a port that fails at its first call. */
async function runIn(
  town: string,
  spec: CommandSpec,
  port?: string,
): Promise<Run & { readonly used: readonly string[] }> {
  const faults = createFaults(
    port === undefined ? {} : { only: new RegExp(`^${port.replace('.', '\\.')}\\.(?!close$)`) },
  );
  if (port !== undefined)
    faults.failAt(1, new ExternalError({ code: 'test.failed', message: `${port} said no` }));
  const cwd = join(town, 'demo/crew/ann');
  const run = await runGt(
    { home, cwd, env: { GT_TOWN_ROOT: town }, dress: (name, each) => faults.wrap(name, each) },
    wordsOf(spec),
  );
  return { ...run, used: faults.calls };
}

/** What a document has that its schema does not say, or the other way. */
async function mismatches(spec: CommandSpec, { code, stdout }: Run): Promise<string[]> {
  if (spec.json !== true || code !== 0) return [];
  const doc: unknown = JSON.parse(stdout);
  try {
    const parsed = (await spec.load?.())?.schema?.parse(doc);
    return isDeepStrictEqual(parsed, doc) ? [] : [`schema without all keys of ${stdout}`];
  } catch (error) {
    return [`schema: ${messageOf(error)} for ${stdout}`];
  }
}

/** Commands after which the town is as it was: they can share one. */
const READS =
  /(?:^| )(?:list|show|status|get|explain|ready|cat|trail|whoami|role|detect|env|home|def|check|diff|scan|registry|schema|progress|dag|current|read|logs|next|blame|history|find|unmerged|orphans|stale|agents|menu)$/;

async function inTown<T>(spec: CommandSpec, work: (town: string) => Promise<T>): Promise<T> {
  if (READS.test(spec.path)) return work(join(sample, 'town'));
  copies += 1;
  const folder = join(home, `copy-${copies}`);
  cpSync(sample, folder, { recursive: true, verbatimSymlinks: true });
  try {
    return await work(join(folder, 'town'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function complaint(spec: CommandSpec, run: Run): string {
  if (/\n\s+at |a fault in gt|TypeError/.test(run.stderr)) return `crashed: ${run.stderr}`;
  // Each workspace has its own answer there, and one that failed says so.
  if (run.code === 0 || spec.path === 'crew pristine') return '';
  const errors = run.stderr.split('\n').filter((line) => line.startsWith('Error: '));
  if (spec.json === true && run.stdout !== '')
    return `ended with ${run.code} and printed: ${run.stdout.slice(0, 200)}`;
  return errors.length === 1 ? '' : `${errors.length} errors: ${run.stderr}${run.stdout}`;
}

describe.concurrent('P14: a port that fails once', () => {
  test.each(TRIED.map((spec) => [spec.path, spec] as const))('under gt %s', async (_path, spec) => {
    const well = await inTown(spec, (town) => runIn(town, spec));
    const ports = PORTS.filter((port) =>
      well.used.some((call) => call.startsWith(`${port}.`) && !call.endsWith('.close')),
    );
    const found: string[] = await mismatches(spec, well);
    for (const port of ports) {
      await inTown(spec, async (town) => {
        const failed = complaint(spec, await runIn(town, spec, port));
        if (failed !== '') found.push(`${port}: ${failed}`);
        if (READS.test(spec.path)) return;
        const again = await runIn(town, spec);
        const after = complaint(spec, again);
        if (after !== '' && complaint(spec, well) === '') found.push(`after ${port}: ${after}`);
      });
    }
    expect(found).toEqual([]);
  });
});
