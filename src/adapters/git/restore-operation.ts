import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../../core/names.ts';
import { resolveCommit } from './objects.ts';
import { OPERATION_FILES } from './operations.ts';
import { writeRaw } from './raw-files.ts';
import type { GitRunner } from './run.ts';

export interface Operation {
  readonly gitDir: string;
  /** Tree = the files of the git directory by which git remembers it. */
  readonly commit: Sha;
}

/** Git goes on with the rebase, merge … from where it stood. */
export async function restoreOperation(
  git: GitRunner,
  path: string,
  { gitDir, commit }: Operation,
): Promise<readonly string[]> {
  const text = await git.output(path, ['ls-tree', '-r', '--name-only', '--full-tree', commit]);
  const files = text.split('\n').filter((file) => isOperationFile(file));
  await writeRaw(git, path, { from: commit, paths: files, to: gitDir, gitDir });
  for (const folder of ['rebase-merge', 'rebase-apply']) {
    if (files.includes(`${folder}/head-name`)) return homeOfRebase(git, path, join(gitDir, folder));
  }
  return [];
}

/** AUTO_MERGE names a tree that may be gone; git only shows differences with it. */
function isOperationFile(file: string): boolean {
  return (
    file !== 'AUTO_MERGE' && OPERATION_FILES.some((name) => file === name || file.startsWith(`${name}/`))
  );
}

/**
 * A rebase moves its branch at its end. The branch comes back when it is gone; one that somebody has moved since is
 * left alone, and the rebase then ends on a detached HEAD.
 */
async function homeOfRebase(git: GitRunner, path: string, folder: string): Promise<readonly string[]> {
  const ref = (await readFile(join(folder, 'head-name'), 'utf8')).trim();
  if (!ref.startsWith('refs/heads/')) return [];
  const before = (await readFile(join(folder, 'orig-head'), 'utf8')).trim();
  const tip = await resolveCommit(git, path, ref);
  if (tip === before) return [];
  if (tip === undefined) {
    await git.output(path, ['update-ref', ref, before, '0'.repeat(before.length)]);
    return [];
  }
  await writeFile(join(folder, 'head-name'), 'detached HEAD\n');
  return [`${ref.slice('refs/heads/'.length)} has moved since: the rebase will end on a detached HEAD`];
}
