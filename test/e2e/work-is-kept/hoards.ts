import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../support/repository.ts';

/** A way in which a worktree can hold bytes that are nowhere else. */
export interface Hoard {
  readonly name: string;
  bury(worktree: string): void;
  /** The bytes as git or the disk shows them: what must come back. */
  readonly treasures: Readonly<Record<string, (worktree: string) => string>>;
}

/** Folder of the submodule in every worktree. */
export const SUBMODULE = 'vendor/lib';

const onDisk =
  (file: string) =>
  (worktree: string): string =>
    readFileSync(join(worktree, file), 'utf8').trim();
const inGit =
  (spec: string, folder = '') =>
  (worktree: string): string =>
    git(join(worktree, folder), 'show', spec);

/** Each one ends with the bytes in `treasures`, which say how they were buried. */
export const HOARDS: readonly Hoard[] = [
  {
    name: 'an untracked file',
    bury: (worktree) => write(worktree, 'new file.md', 'untracked'),
    treasures: { untracked: onDisk('new file.md') },
  },
  {
    name: 'a modified file',
    bury: (worktree) => write(worktree, 'README.md', 'modified'),
    treasures: { modified: onDisk('README.md') },
  },
  {
    name: 'a file that is staged, changed again, and one that is only staged',
    bury(worktree) {
      write(worktree, 'staged.md', 'staged');
      write(worktree, 'README.md', 'staged too');
      git(worktree, 'add', 'staged.md', 'README.md');
      rmSync(join(worktree, 'staged.md'));
      write(worktree, 'README.md', 'changed again');
    },
    treasures: {
      staged: inGit(':staged.md'),
      'staged too': inGit(':README.md'),
      'changed again': onDisk('README.md'),
    },
  },
  {
    name: 'a stash',
    bury(worktree) {
      write(worktree, 'README.md', 'stashed');
      git(worktree, 'stash', '--quiet');
    },
    treasures: { stashed: (worktree) => git(worktree, 'show', `${ownStash(worktree)}:README.md`) },
  },
  {
    name: 'a local commit',
    bury: (worktree) => commit(worktree, 'local.md', 'committed'),
    treasures: { committed: inGit('HEAD:local.md') },
  },
  {
    name: 'a commit on a detached head',
    bury(worktree) {
      git(worktree, 'checkout', '--quiet', '--detach');
      commit(worktree, 'detached.md', 'detached');
    },
    treasures: { detached: inGit('HEAD:detached.md') },
  },
  {
    name: 'a rebase in progress',
    bury(worktree) {
      beginConflict(worktree, 'rebase', 'being rebased');
      write(worktree, 'README.md', 'half solved');
    },
    treasures: { 'half solved': onDisk('README.md'), 'being rebased': inGit('REBASE_HEAD:README.md') },
  },
  {
    name: 'a merge in progress',
    bury(worktree) {
      beginConflict(worktree, 'merge', 'being merged into');
      write(worktree, 'README.md', 'half merged');
    },
    treasures: {
      'half merged': onDisk('README.md'),
      'being merged into': inGit('HEAD:README.md'),
      'in the way of the merge': inGit('MERGE_HEAD:README.md'),
    },
  },
  {
    name: 'a submodule with a commit, staged content and a changed file',
    bury(worktree) {
      const inner = join(worktree, SUBMODULE);
      commit(inner, 'lib.md', 'committed inside');
      write(inner, 'lib.md', 'staged inside');
      git(inner, 'add', 'lib.md');
      write(inner, 'lib.md', 'changed inside');
    },
    treasures: {
      'committed inside': inGit('HEAD:lib.md', SUBMODULE),
      'staged inside': inGit(':lib.md', SUBMODULE),
      'changed inside': onDisk(join(SUBMODULE, 'lib.md')),
    },
  },
];

function write(worktree: string, file: string, text: string): void {
  writeFileSync(join(worktree, file), `${text}\n`);
}

function commit(worktree: string, file: string, text: string): void {
  write(worktree, file, text);
  git(worktree, 'add', file);
  git(worktree, 'commit', '--quiet', '-m', `Write ${file}`);
}

/** Two commits that change the same line; the operation stops between them. */
function beginConflict(worktree: string, operation: 'rebase' | 'merge', mine: string): void {
  const branch = git(worktree, 'branch', '--show-current');
  commit(worktree, 'README.md', mine);
  git(worktree, 'checkout', '--quiet', '--detach', 'HEAD~1');
  commit(worktree, 'README.md', `in the way of the ${operation}`);
  const other = git(worktree, 'rev-parse', 'HEAD');
  git(worktree, 'checkout', '--quiet', branch);
  try {
    git(worktree, operation, '--quiet', other);
  } catch {
    return;
  }
  throw new Error(`the ${operation} met no conflict`);
}

/** The stash is one for all worktrees: an entry is of the worktree that is at its base. */
function ownStash(worktree: string): string {
  const head = git(worktree, 'rev-parse', 'HEAD');
  const entries = git(worktree, 'stash', 'list', '--format=%H %P').split('\n');
  return entries.find((line) => line.split(' ')[1] === head)?.split(' ')[0] ?? 'none';
}

/** Everything git says of a worktree, the name of its branch apart: it may come back on a detached HEAD. */
export function pictureOf(worktree: string): string {
  if (!existsSync(worktree)) return 'gone';
  const ask = (folder: string) =>
    [
      ['status', '--porcelain=v2'],
      ['ls-files', '--stage'],
      ['rev-parse', 'HEAD'],
    ].map((args) => git(folder, ...args));
  return [...ask(worktree), ...ask(join(worktree, SUBMODULE))].join('\n');
}
