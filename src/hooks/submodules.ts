import { isAbsolute, join, normalize } from 'node:path';
import type { TownContext } from '../beads/context.ts';

/** Paths of the submodules that are checked out below a worktree, from its `.gitmodules`. */
export async function submodulesOf(ctx: TownContext, worktree: string): Promise<readonly string[]> {
  const text = await ctx.ports.files.readText(join(worktree, '.gitmodules'));
  if (text === undefined) return [];
  const found: string[] = [];
  for (const path of submodulePaths(text)) {
    if ((await ctx.ports.files.stat(join(worktree, path, '.git'))) !== undefined) found.push(path);
  }
  return found;
}

/** `path = …` lines of a `.gitmodules` file; paths that lead out of the worktree are left out. */
export function submodulePaths(text: string): readonly string[] {
  return [...text.matchAll(/^\s*path\s*=\s*"?(.+?)"?\s*$/gm)]
    .map((match) => normalize(match[1] ?? ''))
    .filter((path) => path !== '.' && path !== '' && !isAbsolute(path) && !path.startsWith('..'));
}
