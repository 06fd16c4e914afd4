import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../../core/names.ts';
import { gitDirOf } from './git-dir.ts';
import { resolveCommit } from './objects.ts';
import { shaOf } from './parse.ts';
import type { GitRunner } from './run.ts';

/** Stash entries of a repository, newest first, as `git stash list` knows them: in the log of one shared ref. */
interface StashEntry {
  readonly sha: Sha;
  readonly base: Sha | undefined;
  /** The branch in the entry's message; undefined when it was made on a detached HEAD. */
  readonly branch: string | undefined;
}

/**
 * The entries made in this worktree. All worktrees of a repository share one stash, so an entry counts as ours
 * when it names our branch (also the one being rebased) or was made on the commit that HEAD is at.
 */
export async function readStashes(git: GitRunner, path: string): Promise<readonly Sha[]> {
  const entries = await allStashes(git, path);
  if (entries.length === 0) return [];
  const branch = await branchAtWork(git, path);
  const head = await resolveCommit(git, path, 'HEAD');
  return entries
    .filter((entry) => (branch !== undefined && entry.branch === branch) || entry.base === head)
    .map((entry) => entry.sha);
}

export async function allStashes(git: GitRunner, path: string): Promise<readonly StashEntry[]> {
  if ((await resolveCommit(git, path, 'refs/stash')) === undefined) return [];
  const format = '--format=%H%x00%P%x00%gs';
  const text = await git.output(path, ['log', '--walk-reflogs', '-s', format, 'refs/stash', '--']);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseStash);
}

function parseStash(line: string): StashEntry {
  const [sha = '', parents = '', subject = ''] = line.split('\0');
  const [base = ''] = parents.split(' ');
  const branch = /^(?:WIP on|On) ([^:]+):/.exec(subject)?.[1];
  return {
    sha: shaOf(sha),
    base: base === '' ? undefined : shaOf(base),
    branch: branch === '(no branch)' ? undefined : branch,
  };
}

async function branchAtWork(git: GitRunner, path: string): Promise<string | undefined> {
  const { code, stdout } = await git.ask({ repo: path, args: ['symbolic-ref', '--quiet', 'HEAD'] });
  const ref = code === 0 ? stdout.trim() : await rebasedRef(await gitDirOf(git, path));
  return ref?.startsWith('refs/heads/') === true ? ref.slice('refs/heads/'.length) : undefined;
}

async function rebasedRef(gitDir: string): Promise<string | undefined> {
  for (const folder of ['rebase-merge', 'rebase-apply']) {
    const name = await readFile(join(gitDir, folder, 'head-name'), 'utf8').catch(() => undefined);
    if (name !== undefined) return name.trim();
  }
  return undefined;
}

/** Puts entries back on the stash, newest on top; those that are on it stay where they are. */
export async function storeStashes(git: GitRunner, path: string, stashes: readonly Sha[]): Promise<void> {
  if (stashes.length === 0) return;
  const there = new Set((await allStashes(git, path)).map((entry) => entry.sha));
  for (const sha of stashes.toReversed()) {
    if (there.has(sha)) continue;
    const subject = (await git.output(path, ['log', '-1', '--format=%s', sha, '--'])).trim();
    await git.output(path, ['stash', 'store', '--quiet', `--message=${subject}`, sha]);
  }
}
