import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { GitRunner } from './run.ts';

/**
 * The git directory of this worktree alone (`…/worktrees/<id>` of a linked one). Read from `.git` as git itself
 * would; a folder without one (a bare repository, a folder below) is git's to answer.
 */
export async function gitDirOf(git: GitRunner, path: string): Promise<string> {
  const dotGit = join(path, '.git');
  const pointer = await readFile(dotGit, 'utf8').catch((error: unknown) =>
    error instanceof Error && 'code' in error && error.code === 'EISDIR' ? 'folder' : undefined,
  );
  if (pointer === 'folder') return dotGit;
  const target = /^gitdir: (.+?)\s*$/.exec(pointer ?? '')?.[1];
  if (target !== undefined) return resolve(path, target);
  return (await git.output(path, ['rev-parse', '--absolute-git-dir'])).replace(/\n$/, '');
}

/** True for a clone or submodule; false for a worktree linked to a repository elsewhere, which outlives its folder. */
export async function isOwnGitDir(gitDir: string): Promise<boolean> {
  try {
    await stat(join(gitDir, 'commondir'));
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
}
