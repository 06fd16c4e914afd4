import { isAbsolute, join, normalize } from 'node:path';
import type { TownContext } from '../beads/context.ts';

/** Paths of the submodules that are checked out below a worktree, those of submodules after their own. */
export async function submodulesOf(ctx: TownContext, worktree: string): Promise<readonly string[]> {
  const text = await ctx.ports.files.readText(join(worktree, '.gitmodules'));
  if (text === undefined) return [];
  const found: string[] = [];
  for (const path of submodulePaths(text)) {
    const inner = join(worktree, path);
    if ((await ctx.ports.files.stat(join(inner, '.git'))) === undefined) continue;
    found.push(path, ...(await submodulesOf(ctx, inner)).map((deeper) => join(path, deeper)));
  }
  return found;
}

/** `path = …` lines of a `.gitmodules` file; paths that lead out of the worktree are left out. */
export function submodulePaths(text: string): readonly string[] {
  return [...text.matchAll(/^\s*path\s*=\s*"?(.+?)"?\s*$/gm)]
    .map((match) => normalize(match[1] ?? ''))
    .filter((path) => path !== '.' && path !== '' && !isAbsolute(path) && !path.startsWith('..'));
}
