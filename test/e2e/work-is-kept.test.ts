import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GIT_ENV, createBareRepository, git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/** Bytes that are nowhere but in one worktree: as a file on disk, or only in git (index, stash, a commit). */
interface Treasure {
  readonly file: string;
  readonly text: string;
  readonly at: 'disk' | 'git';
}

interface Hoard {
  readonly name: string;
  readonly treasures: readonly Treasure[];
  bury(worktree: string): void;
}

const HOARDS: readonly Hoard[] = [
  {
    name: 'an untracked file',
    treasures: [{ file: 'new file.md', text: 'untracked\n', at: 'disk' }],
    bury: (worktree) => write(worktree, 'new file.md', 'untracked\n'),
  },
  {
    name: 'a modified file',
    treasures: [{ file: 'README.md', text: 'modified\n', at: 'disk' }],
    bury: (worktree) => write(worktree, 'README.md', 'modified\n'),
  },
  {
    name: 'a file that is only staged',
    treasures: [{ file: 'staged.md', text: 'staged\n', at: 'git' }],
    bury: (worktree) => {
      write(worktree, 'staged.md', 'staged\n');
      git(worktree, 'add', 'staged.md');
      rmSync(join(worktree, 'staged.md'));
    },
  },
  {
    name: 'a stash',
    treasures: [{ file: 'README.md', text: 'stashed\n', at: 'git' }],
    bury: (worktree) => {
      write(worktree, 'README.md', 'stashed\n');
      git(worktree, 'stash', '--quiet');
    },
  },
  {
    name: 'a local commit',
    treasures: [{ file: 'local.md', text: 'committed\n', at: 'disk' }],
    bury: (worktree) => commit(worktree, 'local.md', 'committed\n'),
  },
  {
    name: 'a commit on a detached head',
    treasures: [{ file: 'detached.md', text: 'detached\n', at: 'disk' }],
    bury: (worktree) => {
      git(worktree, 'checkout', '--quiet', '--detach');
      commit(worktree, 'detached.md', 'detached\n');
    },
  },
  {
    name: 'a rebase in progress',
    treasures: [
      { file: 'README.md', text: 'half solved\n', at: 'disk' },
      { file: 'README.md', text: 'being rebased\n', at: 'git' },
    ],
    bury: (worktree) => {
      const branch = git(worktree, 'branch', '--show-current');
      commit(worktree, 'README.md', 'being rebased\n');
      git(worktree, 'checkout', '--quiet', '--detach', 'HEAD~1');
      commit(worktree, 'README.md', 'in the way\n');
      const onto = git(worktree, 'rev-parse', 'HEAD');
      git(worktree, 'checkout', '--quiet', branch);
      expect(() => git(worktree, 'rebase', '--quiet', onto)).toThrow(/conflict/i);
      write(worktree, 'README.md', 'half solved\n');
    },
  },
];

function write(worktree: string, file: string, text: string): void {
  writeFileSync(join(worktree, file), text);
}

function commit(worktree: string, file: string, text: string): void {
  write(worktree, file, text);
  git(worktree, 'add', file);
  git(worktree, 'commit', '--quiet', '-m', `Write ${file}`);
}

interface Worker {
  readonly bead: string;
  readonly name: string;
  readonly worktree: string;
  readonly hoard: Hoard;
  /** What git says of the worktree once the hoard is in it. */
  readonly picture: string;
}

let home: TestHome;
let workers: readonly Worker[];

beforeEach(async () => {
  home = createTestHome();
  const origin = createBareRepository(join(home.home, 'origin.git'));
  await home.gt('install', home.town, '--store', 'sqlite');
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  await home.gt('config', 'agent', 'set', 'sitter', 'sh -c cat');
  await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
  workers = await hireWorkers();
});

afterEach(async () => {
  await home.dispose();
});

async function hireWorkers(): Promise<readonly Worker[]> {
  const beads: string[] = [];
  for (const hoard of HOARDS)
    beads.push(((await home.bdJson('create', hoard.name, '--rig', 'proj')) as { readonly id: string }).id);
  await home.gt('sling', ...beads, 'proj', '--agent', 'sitter');
  const rows = (await home.gtJson('polecat', 'list', 'proj')) as { name: string; issue: string }[];
  return HOARDS.map((hoard, index) => {
    const bead = beads[index] ?? '';
    const name = rows.find((row) => row.issue === bead)?.name ?? '';
    const worktree = join(home.town, 'proj/polecats', name, 'proj');
    hoard.bury(worktree);
    return { bead, name, worktree, hoard, picture: pictureOf(worktree) };
  });
}

function pictureOf(worktree: string): string {
  return existsSync(worktree) ? git(worktree, 'status', '--porcelain=v2', '--branch') : 'gone';
}

/** Runs one command that must end with `code`, and returns everything it printed. */
async function say(code: 0 | 1, ...args: readonly string[]): Promise<string> {
  const outcome = await home.tryGt(args);
  expect(outcome.code, `${args.join(' ')}\n${outcome.stderr}`).toBe(code);
  return `${outcome.stdout}\n${outcome.stderr}`;
}

async function sayForEach(code: 0 | 1, words: (worker: Worker) => readonly string[]): Promise<string> {
  const said: string[] = [];
  for (const worker of workers) said.push(await say(code, ...words(worker)));
  return said.join('\n');
}

/** Everything that could take a worktree away, at a moment at which only the work itself can stop it. */
const COMMANDS: Readonly<Record<string, () => Promise<string>>> = {
  'polecat nuke': async () => {
    await home.gt('down');
    await home.bd('close', ...workers.map((worker) => worker.bead), '--force', '--reason', 'by hand');
    return sayForEach(1, ({ name }) => ['polecat', 'nuke', `proj/${name}`]);
  },
  'polecat nuke --force': () => sayForEach(0, ({ name }) => ['polecat', 'nuke', `proj/${name}`, '--force']),
  unsling: async () => {
    await home.gt('down');
    return sayForEach(1, ({ bead }) => ['unsling', bead]);
  },
  'unsling --force': () => sayForEach(0, ({ bead }) => ['unsling', bead, '--force']),
  down: async () => {
    await home.gt('up');
    return say(0, 'down');
  },
  'rig remove': async () => {
    await home.gt('down');
    return say(1, 'rig', 'remove', 'proj');
  },
  'rig remove --force': () => say(0, 'rig', 'remove', 'proj', '--force'),
};

const REFUSING = ['polecat nuke', 'unsling', 'rig remove'];

describe('P2: work is kept', () => {
  test.each(Object.keys(COMMANDS))('%s loses nothing of what a worktree holds', async (command) => {
    const said = (await COMMANDS[command]?.()) ?? '';
    for (const worker of workers) expectKept(said, worker);
    if (REFUSING.includes(command))
      expect(
        workers.map(({ worktree }) => pictureOf(worktree)),
        said,
      ).toEqual(workers.map(({ picture }) => picture));
  });
});

/** Untouched in its place, or read back by the one command that was printed for this worker. */
function expectKept(said: string, worker: Worker): void {
  const { name, worktree, hoard, picture } = worker;
  const commands = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('git ') && line.includes(`refs/gt/rescue/proj/${name}/`));
  const what = `${hoard.name} of ${name}:\n${said}`;
  if (commands.length === 0) expect(pictureOf(worktree), what).toBe(picture);
  else expect(commands, what).toHaveLength(1);
  const place = commands[0] === undefined ? worktree : readBack(commands[0]);
  for (const treasure of hoard.treasures) expect(isIn(place, treasure), what).toBe(true);
}

/** Runs the command as it was printed; returns the folder it made. */
function readBack(command: string): string {
  execFileSync('sh', ['-c', command], { cwd: home.home, env: { ...home.env, ...GIT_ENV }, stdio: 'pipe' });
  return command.split(' ').at(-2) ?? '';
}

function isIn(folder: string, { file, text, at }: Treasure): boolean {
  if (at === 'disk') return readFileSync(join(folder, file), 'utf8') === text;
  return ['', ...commitsAt(folder)].some((rev) => tryGit(folder, 'show', `${rev}:${file}`) === text.trim());
}

/** What HEAD reaches, and what only the stash or a rebase under way names. */
function commitsAt(folder: string): readonly string[] {
  const named = ['HEAD', 'refs/stash', 'REBASE_HEAD'].filter(
    (rev) => tryGit(folder, 'rev-parse', '-q', '--verify', rev) !== undefined,
  );
  return git(folder, 'rev-list', ...named).split('\n');
}

function tryGit(folder: string, ...args: readonly string[]): string | undefined {
  try {
    return git(folder, ...args);
  } catch {
    return undefined;
  }
}
