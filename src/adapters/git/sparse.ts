import type { GitRunner } from './run.ts';

/**
 * Checks out these folders and the files at the top, in a worktree that was made without files. The setting is of this
 * worktree alone; git keeps it apart from those of the repository.
 */
export async function checkoutSparse(
  git: GitRunner,
  path: string,
  folders: readonly string[],
): Promise<void> {
  await git.output(path, ['sparse-checkout', 'set', '--cone', '--', ...folders]);
  await git.output(path, ['checkout', '--quiet', '--no-recurse-submodules']);
}
