import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClock } from '../../../src/adapters/clock.ts';
import { createFiles } from '../../../src/adapters/files.ts';
import { createGit } from '../../../src/adapters/git.ts';
import { createLocks } from '../../../src/adapters/locks.ts';
import { createProcesses } from '../../../src/adapters/processes.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import { createSqliteStore } from '../../../src/adapters/sqlite/store.ts';
import { parseSha } from '../../../src/core/names.ts';
import type { Sha } from '../../../src/core/names.ts';
import { createFakeLog } from '../../fakes/log.ts';
import { forbidden, makeMergeTown, openMergeTown, SILENT_IPC } from '../../scenario/refinery/merge-town.ts';
import type { Machine, MergeTown, Origin } from '../../scenario/refinery/merge-town.ts';

export interface RealTown extends MergeTown {
  readonly home: string;
  /** Runs git in the outside clone. */
  git(...args: readonly string[]): string;
  close(): Promise<void>;
}

/** The gate of these tests: fails when a file holds the word BAD, and counts its runs. */
const GATE_SCRIPT = `echo "$GT_MQ_TREE" >> "$1/runs"
bad=$(grep -rl BAD . --exclude-dir=.git) || exit 0
for file in $bad; do echo "not ok 1 - $file"; done
exit 1
`;

/** A rig on a real bare origin with real git, processes, files, locks and SQLite, in a folder of its own. */
export async function makeRealTown(files: Readonly<Record<string, string>> = {}): Promise<RealTown> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'gt-mq-')));
  makeOrigin(home, { git: gitIn(home), files });
  writeFileSync(join(home, 'gate.sh'), GATE_SCRIPT);
  const machine = realMachine(home);
  const town = await makeMergeTown(machine);
  await town.set({ test_command: `sh ${home}/gate.sh ${home}` });
  return {
    ...town,
    home,
    git: gitIn(home),
    close: async () => {
      await machine.store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The town in `home` as another process sees it. */
export function openRealTown(home: string): Promise<MergeTown> {
  return openMergeTown(realMachine(home));
}

function realMachine(home: string): Machine {
  const env = gitEnv(home);
  const clock = createClock();
  const processes = createProcesses();
  const root = join(home, 'town');
  const store = createSqliteStore({ dir: join(root, '.store'), clock, durability: 'none' });
  return {
    root,
    env,
    store,
    origin: originOf(home, gitIn(home)),
    gateRuns: async () => linesOf(join(home, 'runs')),
    ports: {
      clock,
      processes,
      store,
      files: createFiles(),
      git: createGit({ processes, env }),
      locks: createLocks({ dir: join(root, '.runtime/locks'), clock, processes }),
      random: createRandom(),
      log: createFakeLog(),
      ipc: SILENT_IPC,
      tmux: forbidden('tmux'),
      panes: forbidden('panes'),
      archives: forbidden('archives'),
      doltProbe: forbidden('doltProbe'),
      forge: forbidden('forge'),
    },
  };
}

type GitCommand = (...args: readonly string[]) => string;

function gitIn(home: string): GitCommand {
  const cwd = join(home, 'outside');
  const env = gitEnv(home);
  return (...args) => execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function gitEnv(home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'worker',
    GIT_AUTHOR_EMAIL: 'worker@example.test',
    GIT_COMMITTER_NAME: 'worker',
    GIT_COMMITTER_EMAIL: 'worker@example.test',
  };
}

function makeOrigin(
  home: string,
  deps: { readonly git: GitCommand; readonly files: Readonly<Record<string, string>> },
): void {
  const [url, outside] = [join(home, 'origin.git'), join(home, 'outside')];
  mkdirSync(outside);
  deps.git('init', '--quiet', '--bare', '--initial-branch=main', url);
  deps.git('clone', '--quiet', url, '.');
  deps.git('checkout', '--quiet', '-B', 'main');
  write(outside, { 'README.md': '# Project\n', ...deps.files });
  deps.git('add', '--all');
  deps.git('commit', '--quiet', '--message', 'Initial commit');
  deps.git('push', '--quiet', 'origin', 'main');
}

function originOf(home: string, git: GitCommand): Origin {
  const [url, outside] = [join(home, 'origin.git'), join(home, 'outside')];
  const head = async (branch: string): Promise<Sha | undefined> => {
    const [sha] = git('ls-remote', url, `refs/heads/${branch}`).split('\t');
    return sha === undefined || sha === '' ? undefined : parseSha(sha);
  };
  return {
    url,
    head,
    branches: async () =>
      git('ls-remote', '--heads', url)
        .split('\n')
        .flatMap((line) => line.split('refs/heads/')[1] ?? [])
        .sort(),
    files: async (branch) => {
      git('fetch', '--quiet', 'origin', branch);
      const paths = git('ls-tree', '-r', '--name-only', 'FETCH_HEAD').split('\n');
      return Object.fromEntries(paths.map((path) => [path, `${git('show', `FETCH_HEAD:${path}`)}\n`]));
    },
    messages: async (branch) => {
      git('fetch', '--quiet', 'origin', branch);
      return git('log', '-z', '--format=%B', 'FETCH_HEAD')
        .split('\0')
        .map((message) => message.trim())
        .filter((message) => message !== '');
    },
    commit: async (branch, changes, options = {}) => {
      git('fetch', '--quiet', 'origin');
      git('checkout', '--quiet', '--force', '--detach', options.from ?? `origin/${branch}`);
      write(outside, changes);
      git('add', '--all');
      git('commit', '--quiet', '--message', options.message ?? 'A change');
      git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
      return parseSha(git('rev-parse', 'HEAD'));
    },
    setBranch: async (branch, sha) => {
      git('push', '--quiet', '--force', 'origin', `${sha ?? ''}:refs/heads/${branch}`);
    },
  };
}

function write(folder: string, changes: Readonly<Record<string, string | null>>): void {
  for (const [path, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (text === null) rmSync(join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
