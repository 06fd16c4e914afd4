import { UnreadableError, messageOf } from '../../core/errors.ts';
import type { WorktreeStatus } from '../../ports/git.ts';
import { gitDirOf } from './git-dir.ts';
import { operationIn } from './operations.ts';
import { fieldsOf, shaOf } from './parse.ts';
import type { GitRunner } from './run.ts';
import { readStashes } from './stashes.ts';

const STATUS = ['status', '--porcelain=v2', '-z', '--branch', '--no-renames', '--ignore-submodules=none'];

/** Everything in a worktree that is not plainly its HEAD. Nothing is written, not even the index's time stamps. */
export function readStatus(git: GitRunner, path: string): Promise<WorktreeStatus> {
  return looking(path, async () => {
    const text = await git.output(path, [...STATUS, '--show-stash', '--untracked-files=all']);
    const gitDir = await gitDirOf(git, path);
    return {
      ...parseStatus(text),
      stashes: hasStash(text) ? (await readStashes(git, path)).length : 0,
      operation: await operationIn(gitDir),
    };
  });
}

/** As `readStatus`, of the tracked files alone. */
export function readChanges(git: GitRunner, path: string): Promise<Pick<WorktreeStatus, 'head' | 'changed'>> {
  return looking(path, async () => parseStatus(await git.output(path, [...STATUS, '--untracked-files=no'])));
}

async function looking<T>(path: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw new UnreadableError({
      code: 'git.unreadable',
      message: `cannot tell the state of ${path}: ${messageOf(error)}`,
      cause: error,
    });
  }
}

type Parsed = Omit<WorktreeStatus, 'stashes' | 'operation'>;

/** `git status --porcelain=v2 -z --branch --no-renames`. */
export function parseStatus(text: string): Parsed {
  const changed: string[] = [];
  const untracked: string[] = [];
  let head: Parsed['head'];
  let branch: Parsed['branch'];
  for (const field of fieldsOf(text)) {
    const [kind = ''] = field.split(' ', 1);
    if (field.startsWith('# branch.oid ')) head = oidOf(field.slice(13));
    else if (field.startsWith('# branch.head ')) branch = branchOf(field.slice(14));
    else if (kind === '1') changed.push(afterBlanks(field, 8));
    else if (kind === 'u') changed.push(afterBlanks(field, 10));
    else if (kind === '?') untracked.push(field.slice(2));
  }
  return { head, branch, changed, untracked };
}

/** `# stash <count>`: of all worktrees of the repository; whose they are is told by their log. */
function hasStash(text: string): boolean {
  return fieldsOf(text).some((field) => field.startsWith('# stash '));
}

function oidOf(text: string): Parsed['head'] {
  return text === '(initial)' ? undefined : shaOf(text);
}

function branchOf(text: string): Parsed['branch'] {
  return text === '(detached)' ? undefined : text;
}

/** The rest of a record after `count` blank-separated fields: a path, which may hold blanks itself. */
function afterBlanks(field: string, count: number): string {
  let at = 0;
  for (let seen = 0; seen < count; seen += 1) at = field.indexOf(' ', at) + 1;
  return field.slice(at);
}
