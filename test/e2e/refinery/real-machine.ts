import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const git = outsideGit(home);
  makeOrigin(home, { git, files });
  writeFileSync(join(home, 'gate.sh'), GATE_SCRIPT);
  const machine = realMachine(home);
  const town = await makeMergeTown(machine);
  await town.set({ test_command: `sh ${home}/gate.sh ${home}` });
  return {
    ...town,
    home,
    git,
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

/** The machine of a real town whose folder is there already. */
export function realMachine(home: string): Machine {
  const env = gitEnv(home);
  const clock = createClock();
  const processes = createProcesses();
  const root = join(home, 'town');
  const store = createSqliteStore({ dir: join(root, '.store'), clock, durability: 'none' });
  return {
    root,
    env,
    store,
    origin: originOf(join(home, 'origin.git'), outsideGit(home)),
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

type Git = (...args: readonly string[]) => string;

function outsideGit(home: string): Git {
  const options = { cwd: join(home, 'outside'), env: gitEnv(home), encoding: 'utf8', stdio: 'pipe' } as const;
  return (...args) => execFileSync('git', args, options).trim();
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
  { git, files }: { readonly git: Git; readonly files: Readonly<Record<string, string>> },
): void {
  mkdirSync(join(home, 'outside'));
  git('init', '--quiet', '--bare', '--initial-branch=main', join(home, 'origin.git'));
  git('clone', '--quiet', join(home, 'origin.git'), '.');
  const first = { changes: { 'README.md': '# Project\n', ...files }, message: 'Initial commit' };
  importCommit(join(home, 'origin.git'), { branch: 'main', from: undefined, ...first });
}

function originOf(url: string, git: Git): Origin {
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
    files: async (branch) => readTree(url, branch),
    messages: async (branch) => {
      git('fetch', '--quiet', 'origin', branch);
      return git('log', '-z', '--format=%B', 'FETCH_HEAD')
        .split('\0')
        .map((message) => message.trim())
        .filter((message) => message !== '');
    },
    commit: async (branch, changes, options = {}) => {
      const from = options.from ?? (await head(branch));
      return importCommit(url, { branch, from, changes, message: options.message ?? 'A change' });
    },
    setBranch: async (branch, sha) => {
      git('push', '--quiet', '--force', 'origin', `${sha ?? ''}:refs/heads/${branch}`);
    },
  };
}

/** All files of a branch in two processes, however many there are. */
function readTree(origin: string, branch: string): Readonly<Record<string, string>> {
  const run = (argv: readonly string[], input = ''): string =>
    execFileSync('git', ['-C', origin, ...argv], { input, encoding: 'latin1', maxBuffer: 1 << 28 });
  const entries = run(['ls-tree', '-r', '-z', branch])
    .split('\0')
    .flatMap((line) => {
      const [, kind, sha = '', path = ''] = /^\d+ (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
      return path === '' ? [] : [{ kind, sha, path: Buffer.from(path, 'latin1').toString() }];
    });
  const blobs = entries.filter(({ kind }) => kind === 'blob');
  let rest = run(['cat-file', '--batch'], blobs.map(({ sha }) => `${sha}\n`).join(''));
  const files = entries.map(({ kind, sha, path }) => {
    if (kind !== 'blob') return [path, `Subproject commit ${sha}\n`];
    const [head = '', size = '0'] = /^\w+ blob (\d+)\n/.exec(rest) ?? [];
    const end = head.length + Number(size);
    const text = Buffer.from(rest.slice(head.length, end), 'latin1').toString();
    rest = rest.slice(end + 1);
    return [path, text];
  });
  return Object.fromEntries(files) as Record<string, string>;
}

/** One process instead of a checkout: a commit made in the origin itself, as if it had been pushed there. */
function importCommit(
  origin: string,
  work: {
    readonly branch: string;
    readonly from: Sha | undefined;
    readonly changes: Readonly<Record<string, string | null>>;
    readonly message: string;
  },
): Sha {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const files = Object.entries(work.changes).map(([path, text]) => {
    const name = JSON.stringify(path);
    if (text === null) return `D ${name}\n`;
    const [, module] = /^Subproject commit ([0-9a-f]{40})\n$/.exec(text) ?? [];
    return module === undefined ? `M 100644 inline ${name}\n${data(text)}` : `M 160000 ${module} ${name}\n`;
  });
  const stream = [
    `commit refs/heads/${work.branch}\nmark :1\n`,
    `committer worker <worker@example.test> ${Math.floor(Date.now() / 1000)} +0000\n`,
    data(work.message),
    work.from === undefined ? '' : `from ${work.from}\n`,
    ...files,
    'get-mark :1\n',
  ];
  const argv = ['-C', origin, 'fast-import', '--quiet', '--force', '--cat-blob-fd=1'];
  return parseSha(execFileSync('git', argv, { input: stream.join(''), encoding: 'utf8' }).trim());
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
