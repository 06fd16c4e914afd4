import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError } from '../../core/errors.ts';
import { CLONE_TIMEOUT_MS } from './network.ts';
import { lastLine, type GitRunner } from './run.ts';

/**
 * Brings the submodules to the commits that HEAD names. One that cannot be fetched for the first time stays empty,
 * as after a plain clone: nothing wrong can be committed from it. One that is there at another commit is an error:
 * the next commit would record the wrong one.
 */
export async function updateSubmodules(git: GitRunner, path: string): Promise<void> {
  if (!(await hasSubmodules(path))) return;
  const update = ['update', '--init', '--recursive', '--checkout', '--force', '--quiet'];
  // Whatever the user calls remotes: those of submodules are looked for as `origin`.
  const name = ['-c', 'clone.defaultRemoteName=origin'];
  const args = [...(await fileAccess(git, path)), ...name, 'submodule', ...update];
  const { code, stderr } = await git.ask({ repo: path, args, timeoutMs: CLONE_TIMEOUT_MS });
  if (code === 0) return;
  const wrong = (await readSubmodules(git, path)).find((module) => module.state === 'other-commit');
  if (wrong === undefined) return;
  throw new ExternalError({
    code: 'git.submodule-failed',
    message: `submodule ${wrong.path} in ${path} is not at the commit it should be: ${lastLine(stderr)}`,
    hint: `Run: git -C ${path} submodule update --init --recursive`,
  });
}

/**
 * Local paths are allowed as submodule URLs only where the repository itself came from one: git forbids them by
 * default, because a stranger's .gitmodules could otherwise copy files of this machine.
 */
async function fileAccess(git: GitRunner, path: string): Promise<readonly string[]> {
  const { stdout } = await git.ask({ repo: path, args: ['config', '--get', 'remote.origin.url'] });
  return /^(?:\/|file:\/\/)/.test(stdout) ? ['-c', 'protocol.file.allow=always'] : [];
}

function hasSubmodules(path: string): Promise<boolean> {
  return isThere(join(path, '.gitmodules'));
}

/** The submodule at `path` is checked out. */
export function isSubmoduleThere(path: string): Promise<boolean> {
  return isThere(join(path, '.git'));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

export interface Submodule {
  /** Relative to the worktree. */
  readonly path: string;
  readonly state: 'empty' | 'at-commit' | 'other-commit' | 'conflict';
}

const STATES = { '-': 'empty', ' ': 'at-commit', '+': 'other-commit', U: 'conflict' } as const;

/** All submodules, those of submodules included. */
async function readSubmodules(git: GitRunner, path: string): Promise<readonly Submodule[]> {
  if (!(await hasSubmodules(path))) return [];
  const text = await git.output(path, ['submodule', 'status', '--recursive']);
  return text.split('\n').flatMap((line) => {
    // ` <sha> <path> (<describe>)`; an empty one has no description.
    const [, mark, name] = /^([-+ U])[0-9a-f]+ (.*?)(?: \([^()]*\))?$/.exec(line) ?? [];
    if (name === undefined || (mark !== '-' && mark !== '+' && mark !== ' ' && mark !== 'U')) return [];
    return [{ path: name, state: STATES[mark] }];
  });
}
