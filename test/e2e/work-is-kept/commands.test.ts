import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { installProject } from '../support/project.ts';
import { createBareRepository, git } from '../support/repository.ts';
import { createTestHome } from '../support/town.ts';
import type { TestHome } from '../support/town.ts';
import { SUBMODULE } from './hoards.ts';
import { expectBack, expectSame, hireWorkers, say as sayIn } from './workers.ts';
import type { Worker } from './workers.ts';

let home: TestHome;
let origin: string;
let workers: readonly Worker[];

/** One town with one worker for each hoard, all stopped; every command gets it as it is here. */
beforeAll(async () => {
  home = createTestHome();
  const library = createBareRepository(join(home.home, 'lib.git'), { files: { 'lib.md': 'library\n' } });
  origin = await installProject(home, { submodules: { [SUBMODULE]: library } });
  await home.gt('config', 'agent', 'set', 'sitter', 'sh -c cat');
  workers = await hireWorkers(home);
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

const say = (code: 0 | 1, ...args: readonly string[]): Promise<string> => sayIn(home, code, args);

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
      if (outcome === 'untouched') expectSame(worker.worktree, worker, said);
      else await expectBack(home, said, worker);
    }
  });

  test('rig remove --force names the command that brings it back, also for a rig that is not known any more', async () => {
    const said = await say(0, 'rig', 'remove', 'proj', '--force');
    for (const worker of workers) await expectBack(home, said, worker);
  });
});
