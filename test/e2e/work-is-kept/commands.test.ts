import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { installProject } from '../support/project.ts';
import { createBareRepository, git } from '../support/repository.ts';
import { createTestHome } from '../support/town.ts';
import type { TestHome } from '../support/town.ts';
import { runGt } from '../../unit/cli/run-gt.ts';
import { HOARDS, SUBMODULE, pictureOf } from './hoards.ts';
import type { Hoard } from './hoards.ts';

interface Worker {
  readonly bead: string;
  readonly name: string;
  readonly worktree: string;
  readonly hoard: Hoard;
  /** What git says of the worktree once the hoard is in it. */
  readonly picture: string;
}

let home: TestHome;
let origin: string;
let workers: readonly Worker[];

/** One town with one worker for each hoard, all stopped; every command gets it as it is here. */
beforeAll(async () => {
  home = createTestHome();
  const library = createBareRepository(join(home.home, 'lib.git'), { files: { 'lib.md': 'library\n' } });
  origin = await installProject(home, { submodules: { [SUBMODULE]: library } });
  await home.gt('config', 'agent', 'set', 'sitter', 'sh -c cat');
  workers = await hireWorkers();
  renameSync(home.town, template());
});

beforeEach(() => {
  execFileSync('cp', ['-a', template(), home.town]);
});

afterEach(() => {
  rmSync(home.town, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

afterAll(() => home.dispose());

function template(): string {
  return `${home.town}.template`;
}

async function hireWorkers(): Promise<readonly Worker[]> {
  const beads: string[] = [];
  for (const hoard of HOARDS)
    beads.push(((await home.bdJson('create', hoard.name, '--rig', 'proj')) as { readonly id: string }).id);
  await home.gt('sling', ...beads, 'proj', '--agent', 'sitter');
  const rows = (await home.gtJson('polecat', 'list', 'proj')) as { name: string; issue: string }[];
  await home.gt('down');
  return HOARDS.map((hoard, index) => {
    const bead = beads[index] ?? '';
    const name = rows.find((row) => row.issue === bead)?.name ?? '';
    const worktree = join(home.town, 'proj/polecats', name, 'proj');
    hoard.bury(worktree);
    return { bead, name, worktree, hoard, picture: pictureOf(worktree) };
  });
}

/**
 * Runs one command that must end with `code`, and returns everything it printed: in this process, on the real git and
 * the real ledger, because hundreds of starts of a program would be most of the time.
 */
async function say(code: 0 | 1, ...args: readonly string[]): Promise<string> {
  const outcome = await runGt({ home: home.home, cwd: home.town, env: home.env }, args);
  expect(outcome.code, `${args.join(' ')}\n${outcome.stderr}\n${outcome.stdout}`).toBe(code);
  return `${outcome.stdout}\n${outcome.stderr}`;
}

async function sayForEach(code: 0 | 1, words: (worker: Worker) => readonly string[]): Promise<string> {
  const said: string[] = [];
  for (const worker of workers) said.push(await say(code, ...words(worker)));
  return said.join('\n');
}

const all = (): readonly string[] => workers.map(({ name }) => `proj/${name}`);

/** Nobody holds anything any more: only the work itself can stop a command. */
async function closeBeads(): Promise<void> {
  await home.bd('close', ...workers.map((worker) => worker.bead), '--force', '--reason', 'by hand');
}

/** What a command must leave of the worktrees: untouched, or gone with everything kept. */
type Outcome = 'untouched' | 'kept';

/** Everything that could take a worktree or a branch away, at a moment at which only the work itself can stop it. */
const COMMANDS: Readonly<Record<string, readonly [Outcome, () => Promise<string>]>> = {
  'polecat nuke': [
    'untouched',
    async () => {
      await closeBeads();
      return say(1, 'polecat', 'nuke', ...all());
    },
  ],
  'polecat nuke --force': ['kept', () => say(0, 'polecat', 'nuke', ...all(), '--force')],
  'polecat remove': [
    'untouched',
    async () => {
      await closeBeads();
      return say(1, 'polecat', 'remove', 'proj', '--all');
    },
  ],
  'polecat remove --force': ['kept', () => say(0, 'polecat', 'remove', 'proj', '--all', '--force')],
  'polecat stale --cleanup': [
    'untouched',
    async () => {
      await closeBeads();
      pushToMain();
      return say(0, 'polecat', 'stale', 'proj', '--threshold', '1', '--cleanup');
    },
  ],
  'polecat gc': [
    'untouched',
    async () => {
      await closeBeads();
      return say(0, 'polecat', 'gc', 'proj');
    },
  ],
  'polecat gc after remove --force': [
    'kept',
    async () => {
      const said = await say(0, 'polecat', 'remove', 'proj', '--all', '--force');
      await closeBeads();
      return said + (await say(0, 'polecat', 'gc', 'proj'));
    },
  ],
  'polecat prune --remote': [
    'untouched',
    async () => {
      await closeBeads();
      return say(0, 'polecat', 'prune', 'proj', '--remote');
    },
  ],
  'identity remove': [
    'untouched',
    () => sayForEach(1, ({ name }) => ['polecat', 'identity', 'remove', 'proj', name]),
  ],
  'identity remove --force': [
    'kept',
    () => sayForEach(0, ({ name }) => ['polecat', 'identity', 'remove', 'proj', name, '--force']),
  ],
  unsling: ['untouched', () => sayForEach(1, ({ bead }) => ['unsling', bead])],
  'unsling --force': ['kept', () => sayForEach(0, ({ bead }) => ['unsling', bead, '--force'])],
  down: [
    'untouched',
    async () => {
      await home.gt('up');
      return home.gt('down');
    },
  ],
  'rig remove': ['untouched', () => say(1, 'rig', 'remove', 'proj')],
  'rig remove --force': ['untouched', () => say(0, 'rig', 'remove', 'proj', '--force')],
};

function pushToMain(): void {
  const desk = join(home.home, 'desk');
  git(home.home, 'clone', '-q', origin, desk);
  git(desk, 'commit', '-q', '--allow-empty', '-m', 'Somebody else goes on');
  git(desk, 'push', '-q', 'origin', 'HEAD:main');
  rmSync(desk, { recursive: true });
}

describe('P2: work is kept', () => {
  test.each(Object.keys(COMMANDS))('%s loses nothing of what a worktree holds', async (command) => {
    const [outcome, run] = COMMANDS[command] ?? [];
    const said = (await run?.()) ?? '';
    for (const worker of workers) {
      const what = `${worker.hoard.name} of ${worker.name}:\n${said}`;
      if (outcome === 'untouched') expectSame(worker.worktree, worker, what);
      else await expectBack(said, worker, what);
    }
  });

  test('rig remove --force names the command that brings it back, also for a rig that is not known any more', async () => {
    const said = await say(0, 'rig', 'remove', 'proj', '--force');
    for (const worker of workers) await expectBack(said, worker, worker.hoard.name);
  });
});

/** By the one command that was printed for this worker: everything as it was, and each treasure among it. */
async function expectBack(said: string, worker: Worker, what: string): Promise<void> {
  const lines = said.split('\n').filter((line) => line.includes(`gt rescue restore proj/${worker.name}/`));
  const commands = [...new Set(lines.map((line) => line.slice(line.indexOf('gt rescue')).trim()))];
  expect(commands, what).toHaveLength(1);
  const place = join(mkdtempSync(join(home.home, 'back-')), worker.name);
  const [, ...args] = (commands[0] ?? '').split(' ');
  await say(0, ...args, '--to', place);
  expectSame(place, worker, what);
}

function expectSame(place: string, { hoard, picture }: Worker, what: string): void {
  for (const [text, read] of Object.entries(hoard.treasures)) expect(read(place), what).toBe(text);
  expect(pictureOf(place), what).toBe(picture);
}
