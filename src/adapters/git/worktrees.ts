import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BugError, ExternalError, RefusedError, messageOf } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import type { GitWorktrees, WorktreeEntry } from '../../ports/git.ts';
import { removeTree } from '../remove-tree.ts';
import { checkPlace, follow, isSamePath, placeBranch } from './branches.ts';
import { commitAll } from './commit-all.ts';
import { copyIgnored } from './copy-ignored.ts';
import { gitDirOf } from './git-dir.ts';
import { dropOperation, dropStaleLock } from './operations.ts';
import { fieldsOf, shaOf } from './parse.ts';
import { gitFailed, lastLine, type GitRunner } from './run.ts';
import { checkoutSparse } from './sparse.ts';
import { readChanges, readStatus } from './status.ts';
import { updateSubmodules } from './submodules.ts';

/** Of a rescue, or of a worktree in which nobody works. */
type Proof = Parameters<GitWorktrees['reset']>[2];

interface Place {
  readonly commit: Sha;
  readonly branch?: string;
}

/** Worktrees of one repository through the git program. */
export function createGitWorktrees(git: GitRunner): GitWorktrees {
  return {
    add: (repo, path, at) => add(git, repo, { path, at }),
    list: (repo) => listWorktrees(git, repo),
    status: (path) => readStatus(git, path),
    changes: (path) => readChanges(git, path),
    isTracked: (path, file) => isTracked(git, path, file),
    checkout: (path, to) => checkout(git, path, to),
    commitAll: (path, commit) => commitAll(git, path, commit),
    reset: (path, commit, proof) => reset(git, path, { commit, proof }),
    remove: (repo, path, proof) => remove(git, repo, { path, proof }),
    move: (repo, from, to) => move(git, repo, { from, to }),
    copyIgnored: (path, source) => copyIgnored(git, path, source),
  };
}

async function add(
  git: GitRunner,
  repo: string,
  { path, at }: { readonly path: string; readonly at: Parameters<GitWorktrees['add']>[2] },
): Promise<void> {
  if (at.branch !== undefined) {
    await placeBranch(git, repo, {
      branch: at.branch,
      commit: at.commit,
      path,
      worktrees: await listWorktrees(git, repo),
    });
  }
  const target = at.branch === undefined ? ['--detach', path, at.commit] : [path, at.branch];
  const { branch, upstream, sparse = [] } = at;
  const files = sparse.length === 0 ? [] : ['--no-checkout'];
  await git.output(repo, ['worktree', 'add', '--quiet', ...files, ...target]);
  if (branch !== undefined && upstream !== undefined) await follow(git, repo, { branch, upstream });
  if (sparse.length > 0) await checkoutSparse(git, path, sparse);
  await updateSubmodules(git, path);
}

async function isTracked(git: GitRunner, path: string, file: string): Promise<boolean> {
  const args = ['--literal-pathspecs', 'ls-files', '--error-unmatch', '--', file];
  const { code, stderr } = await git.ask({ repo: path, args });
  if (code <= 1) return code === 0;
  if (/not a git repository/i.test(stderr)) return false;
  throw gitFailed(args, lastLine(stderr));
}

async function move(
  git: GitRunner,
  repo: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await git.output(repo, ['worktree', 'move', '--force', from, to]);
}

async function listWorktrees(git: GitRunner, repo: string): Promise<readonly WorktreeEntry[]> {
  return parseWorktrees(await git.output(repo, ['worktree', 'list', '--porcelain', '-z']));
}

/** `git worktree list --porcelain -z`: attributes end with NUL, an empty one ends the entry; `bare` has no files. */
export function parseWorktrees(text: string): readonly WorktreeEntry[] {
  return text
    .split('\0\0')
    .map(fieldsOf)
    .filter((lines) => lines.length > 0 && !lines.includes('bare'))
    .map((lines) => {
      const value = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
      const head = value('HEAD');
      return {
        path: value('worktree') ?? '',
        head: head === undefined || /^0+$/.test(head) ? undefined : shaOf(head),
        branch: value('branch')?.replace(/^refs\/heads\//, ''),
      };
    });
}

async function checkout(git: GitRunner, path: string, to: Place): Promise<void> {
  await dropStaleLock(await gitDirOf(git, path));
  const status = await readStatus(git, path);
  if (status.operation !== undefined || status.changed.length > 0) {
    const what =
      status.operation === undefined ? `changes in ${status.changed[0]}` : `a ${status.operation} under way`;
    throw new RefusedError({
      code: 'git.local-changes',
      message: `cannot move ${path} to another commit: it has ${what}`,
      hint: 'Commit or drop them first',
    });
  }
  if (to.branch === undefined) await switchTo(git, path, ['--detach', to.commit]);
  else await checkoutBranch(git, path, { ...to, branch: to.branch, isOn: status.branch === to.branch });
  await updateSubmodules(git, path);
}

/** The branch that the files are of goes forward with them: moved by its ref alone it would leave them behind. */
async function checkoutBranch(
  git: GitRunner,
  path: string,
  { branch, commit, isOn }: { readonly branch: string; readonly commit: Sha; readonly isOn: boolean },
): Promise<void> {
  const place = { branch, commit, path, worktrees: await listWorktrees(git, path) };
  if (isOn && (await checkPlace(git, path, place)) !== undefined) {
    await git.output(path, ['merge', '--quiet', '--ff-only', commit, '--']);
    return;
  }
  await placeBranch(git, path, place);
  await switchTo(git, path, [branch]);
}

async function switchTo(git: GitRunner, path: string, target: readonly string[]): Promise<void> {
  await git.output(path, ['checkout', '--quiet', '--no-guess', '--no-recurse-submodules', ...target, '--']);
}

/** HEAD stays on its branch when that is at `commit`, else it is detached there: no branch moves. */
async function reset(
  git: GitRunner,
  path: string,
  { commit, proof }: { readonly commit: Sha; readonly proof: Proof },
): Promise<void> {
  await checkProof(path, proof);
  const gitDir = await gitDirOf(git, path);
  await dropOperation(gitDir);
  const stays = !(await isDetached(gitDir)) && (await isBranchAt(git, path, commit));
  const args = stays
    ? ['reset', '--quiet', '--hard', commit]
    : ['checkout', '--quiet', '--force', '--no-recurse-submodules', '--detach', commit, '--'];
  await git.output(path, args);
  await updateSubmodules(git, path);
  // Twice forced: nested repositories go as well.
  await git.output(path, ['clean', '--quiet', '-d', '-f', '-f']);
}

async function isDetached(gitDir: string): Promise<boolean> {
  return /^[0-9a-f]{40,64}\s*$/.test(await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => ''));
}

/** Is HEAD on a branch that is at `commit`? False too while there is no commit. */
async function isBranchAt(git: GitRunner, path: string, commit: Sha): Promise<boolean> {
  const args = ['rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD'];
  const { code, stdout } = await git.ask({ repo: path, args });
  const [head, name] = stdout.split('\n');
  return code === 0 && head === commit && name !== 'HEAD';
}

async function remove(
  git: GitRunner,
  repo: string,
  { path, proof }: { readonly path: string; readonly proof: Proof },
): Promise<void> {
  await checkProof(path, proof);
  // Twice forced: also when it is locked, as a half made one is.
  const args = ['worktree', 'remove', '--force', '--force', path];
  const { code, stderr } = await git.ask({ repo, args });
  if (code !== 0 && !/is not a working tree/.test(stderr) && (await isListed(git, repo, path))) {
    throw gitFailed(args, lastLine(stderr));
  }
  // What git leaves: a folder it never knew, or one whose entry went before its files.
  await removeFolder(path);
}

async function isListed(git: GitRunner, repo: string, path: string): Promise<boolean> {
  for (const entry of await listWorktrees(git, repo)) {
    if (await isSamePath(entry.path, path)) return true;
  }
  return false;
}

async function removeFolder(path: string): Promise<void> {
  try {
    await removeTree(path);
  } catch (error) {
    throw new ExternalError({
      code: 'git.failed',
      message: `cannot remove ${path}: ${messageOf(error)}`,
      cause: error,
    });
  }
}

/** A proof speaks of one worktree only. */
async function checkProof(path: string, proof: Proof): Promise<void> {
  if (await isSamePath(path, proof.path)) return;
  throw new BugError({
    code: 'bug.wrong-proof',
    message: `the proof is of ${proof.path}, not of ${path}`,
  });
}
