import { dirname, join, resolve } from 'node:path';
import type { Files } from '../../ports/files.ts';

/**
 * The folder of the repository that a linked git worktree at `folder` belongs to; undefined when `folder` is no
 * linked worktree, or one of a bare repository. Reads git's own files: asking git would start a process.
 */
export async function mainWorktreeOf(files: Files, folder: string): Promise<string | undefined> {
  const pointer = join(folder, '.git');
  if ((await files.stat(pointer))?.kind !== 'file') return undefined;
  const line = /^gitdir: (.+)$/m.exec((await files.readText(pointer)) ?? '')?.[1];
  if (line === undefined) return undefined;
  const gitDir = resolve(folder, line.trim());
  // Submodules have such a file too, but no commondir.
  const common = await files.readText(join(gitDir, 'commondir'));
  if (common === undefined) return undefined;
  const repository = resolve(gitDir, common.trim());
  return repository.endsWith('/.git') ? dirname(repository) : undefined;
}
