import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGit } from '../../src/adapters/git.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import { parseSha } from '../../src/core/names.ts';
import type { Sha } from '../../src/core/names.ts';
import type { Git } from '../../src/ports/git.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeFiles } from '../fakes/files.ts';
import { createFakeGit } from '../fakes/git.ts';

/** Git under test with what surrounds it: remotes of other people, and somebody who works in worktrees. */
export interface GitUnderTest {
  readonly git: Git;
  /** Folder in which paths may be made. */
  readonly dir: string;
  /** A bare repository of somebody else with one commit of `files` on `branch`; no files: no commit. */
  remote(name: string, facts?: { branch?: string; files?: Record<string, string> }): Remote;
  /** Somebody with a shell in that worktree. */
  user(path: string): User;
  /** Files of a commit, as text; links and modes aside. */
  filesOf(repo: string, commit: Sha): Readonly<Record<string, string>>;
}

export interface Remote {
  readonly url: string;
  head(branch: string): Sha | undefined;
  commit(branch: string, changes: Readonly<Record<string, string | null>>, message?: string): Sha;
  setBranch(branch: string, sha: Sha | undefined): void;
}

export interface User {
  write(file: string, text: string): void;
  link(file: string, target: string): void;
  /** Undefined when it is not there. */
  read(file: string): string | undefined;
  remove(file: string): void;
  files(): readonly string[];
  stage(...files: readonly string[]): void;
  commitEverything(message: string): Sha;
  stash(): Sha;
  /** Leaves a rebase onto `onto` unfinished. The current branch and it must be in conflict. */
  beginRebase(onto: Sha): void;
  /** A repository of its own in a folder below, with one commit of `files`; no files: no commit. */
  clone(folder: string, files: Readonly<Record<string, string>>): void;
}

export function fakeGitWorld(): GitUnderTest {
  const clock = createFakeClock();
  const files = createFakeFiles({ clock });
  const { disk } = files;
  disk.makeDir('/work');
  const fake = createFakeGit({ files, clock });
  const text = (path: string): string | undefined => {
    const node = disk.find(path, 'keep');
    return node?.kind === 'file' ? node.bytes.toString('utf8') : undefined;
  };
  return {
    git: fake,
    dir: '/work',
    remote: (name, facts) => fake.createRemote(`/work/${name}`, facts),
    filesOf: (_repo, commit) => fake.filesOf(commit),
    user: (path) => ({
      write: (file, content) => disk.write(join(path, file), Buffer.from(content), undefined),
      link: (file, target) => disk.link(join(path, file), target),
      read: (file) => text(join(path, file)),
      remove: (file) => disk.remove(join(path, file)),
      files: () => disk.walk(path, (file) => file === '.git'),
      stage: (...names) => fake.user(path).stage(...names),
      commitEverything: (message) => fake.user(path).commitEverything(message),
      stash: () => fake.user(path).stash(),
      beginRebase: (onto) => fake.user(path).begin('rebase', onto),
      clone: (folder, content) => {
        const user = fake.init(join(path, folder));
        for (const [file, body] of Object.entries(content)) {
          disk.write(join(path, folder, file), Buffer.from(body), undefined);
        }
        if (Object.keys(content).length > 0) user.commitEverything('inside');
      },
    }),
  };
}

/** Our git must not need an identity, and must not mind the settings of whoever runs it. */
export const GIT_ENV: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: fileURLToPath(new URL('./hostile.gitconfig', import.meta.url)),
  GIT_CONFIG_NOSYSTEM: '1',
  GT_TEST_RUN: process.env['GT_TEST_RUN'] ?? '',
};

const PERSON = {
  GIT_AUTHOR_NAME: 'user',
  GIT_AUTHOR_EMAIL: 'user@example.test',
  GIT_COMMITTER_NAME: 'user',
  GIT_COMMITTER_EMAIL: 'user@example.test',
  GIT_EDITOR: 'true',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** Runs git as a person would, and returns what it prints. */
export function sh(cwd: string, ...args: readonly string[]): string {
  const options = ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main', '-c', 'gc.auto=0'];
  return execFileSync('git', [...options, ...args], {
    cwd,
    env: { ...GIT_ENV, ...PERSON },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).replace(/\n$/, '');
}

export function realGitWorld(dir: string): GitUnderTest {
  const git = createGit({ processes: createProcesses(), env: GIT_ENV });
  return {
    git,
    dir,
    remote: (name, facts = {}) => realRemote(dir, name, facts),
    user: realUser,
    filesOf: (repo, commit) => {
      const names = sh(repo, 'ls-tree', '-r', '-z', '--name-only', commit).split('\0').filter(Boolean);
      return Object.fromEntries(names.map((name) => [name, showFile(repo, commit, name)]));
    },
  };
}

function showFile(repo: string, commit: Sha, name: string): string {
  return execFileSync('git', ['cat-file', 'blob', `${commit}:${name}`], {
    cwd: repo,
    env: { ...GIT_ENV, ...PERSON },
  }).toString('utf8');
}

function realRemote(
  dir: string,
  name: string,
  facts: { branch?: string; files?: Record<string, string> },
): Remote {
  const url = join(dir, name);
  const desk = join(dir, `${name}.desk`);
  const branch = facts.branch ?? 'main';
  sh(dir, 'init', '--quiet', '--bare', `--initial-branch=${branch}`, url);
  sh(dir, 'clone', '--quiet', url, desk);
  let orphans = 0;
  const head = (of: string): Sha | undefined => {
    const text = sh(url, 'for-each-ref', '--format=%(objectname)', `refs/heads/${of}`);
    return text === '' ? undefined : parseSha(text);
  };
  const commit: Remote['commit'] = (to, changes, message = 'A change') => {
    const tip = head(to);
    sh(desk, 'fetch', '--quiet', 'origin');
    if (tip !== undefined) sh(desk, 'checkout', '--quiet', '--force', '--detach', tip);
    else startEmpty(desk, (orphans += 1));
    for (const [file, text] of Object.entries(changes)) writeOrRemove(join(desk, file), text);
    sh(desk, 'add', '--all');
    sh(desk, 'commit', '--quiet', '--allow-empty', '-m', message);
    sh(desk, 'push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${to}`);
    return parseSha(sh(desk, 'rev-parse', 'HEAD'));
  };
  const first = facts.files ?? { 'README.md': '# Project\n' };
  if (Object.keys(first).length > 0) commit(branch, first, 'Initial commit');
  return {
    url,
    head,
    commit,
    setBranch: (of, sha) => {
      sh(url, 'update-ref', ...(sha === undefined ? ['-d', `refs/heads/${of}`] : [`refs/heads/${of}`, sha]));
    },
  };
}

/** The next commit of the desk has no parent and no files but its own. */
function startEmpty(desk: string, number: number): void {
  sh(desk, 'checkout', '--quiet', '--force', '--orphan', `new-${number}`);
  sh(desk, 'rm', '-r', '-f', '--quiet', '--ignore-unmatch', '.');
}

function writeOrRemove(path: string, text: string | null): void {
  if (text === null) rmSync(path, { recursive: true });
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function realUser(path: string): User {
  return {
    write: (file, text) => writeOrRemove(join(path, file), text),
    link: (file, target) => {
      rmSync(join(path, file), { force: true });
      symlinkSync(target, join(path, file));
    },
    read: (file) => (existsSync(join(path, file)) ? readFileSync(join(path, file), 'utf8') : undefined),
    remove: (file) => rmSync(join(path, file), { recursive: true }),
    files: () =>
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
        .filter((file) => file !== '.git' && !file.startsWith('.git/'))
        .sort(),
    stage: (...files) => void sh(path, 'add', '--', ...files),
    commitEverything: (message) => {
      sh(path, 'add', '--all');
      sh(path, 'commit', '--quiet', '-m', message);
      return parseSha(sh(path, 'rev-parse', 'HEAD'));
    },
    stash: () => {
      sh(path, 'stash', 'push', '--quiet');
      return parseSha(sh(path, 'rev-parse', 'refs/stash'));
    },
    beginRebase: (onto) => {
      try {
        sh(path, 'rebase', '--quiet', onto);
      } catch {
        return;
      }
      throw new Error('the rebase met no conflict');
    },
    clone: (folder, files) => {
      sh(path, 'init', '--quiet', folder);
      const inner = realUser(join(path, folder));
      for (const [file, text] of Object.entries(files)) inner.write(file, text);
      if (Object.keys(files).length > 0) inner.commitEverything('inside');
    },
  };
}
