import { join } from 'node:path';
import { UnreadableError, messageOf } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { commitParts, type Part } from './commit-parts.ts';
import { FETCH_TIMEOUT_MS } from './network.ts';
import { unquotePath, type QuotedPath } from './quoted.ts';
import { words, type GitRunner } from './run.ts';

/** A clone that somebody made inside a worktree, brought into the worktree's own repository. */
export interface NestedRepository {
  readonly path: QuotedPath;
  /** Its files. */
  readonly tree: Sha;
  /** A commit over its files, staged content, stash entries and unpublished commits. */
  readonly sha: Sha;
}

export interface NestedContent {
  readonly tree: Sha;
  readonly parts: readonly Part[];
}

/**
 * Copies the objects of a repository inside another one: its own are deleted with the folder. A shallow clone with
 * unpublished commits cannot be copied, which is an error: nobody may then claim that it is safe.
 */
export async function adoptNested(
  git: GitRunner,
  outer: string,
  { path, read }: { readonly path: QuotedPath; readonly read: (inner: string) => Promise<NestedContent> },
): Promise<NestedRepository> {
  const inner = join(outer, unquotePath(path).toString('utf8')).replace(/\/$/, '');
  try {
    const { tree, parts } = await read(inner);
    const sha = await commitParts(git, inner, { tree, parts, message: 'A repository inside a worktree' });
    await fetchObject(git, outer, { from: inner, sha });
    return { path: path.replace(/\/("?)$/, '$1'), tree, sha };
  } catch (error) {
    throw new UnreadableError({
      code: 'git.unreadable',
      message: `cannot keep the repository in ${inner}: ${messageOf(error)}`,
      hint: 'Push its commits or move it away, then try again',
      cause: error,
    });
  }
}

/** Copies a commit with all it reaches from another repository of this machine, whether a ref names it or not. */
export async function fetchObject(
  git: GitRunner,
  into: string,
  { from, sha }: { readonly from: string; readonly sha: Sha },
): Promise<void> {
  const options = words('fetch --quiet --no-tags --no-write-fetch-head --no-recurse-submodules');
  const serve = '--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack';
  await git.output(into, [...options, serve, '--', from, sha], { timeoutMs: FETCH_TIMEOUT_MS });
}
