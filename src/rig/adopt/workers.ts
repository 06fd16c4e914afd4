import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import type { RigPaths } from '../../town/layout.ts';

/** Who works in a rig, by the folders. */
export interface RigWorkers {
  readonly polecats: readonly string[];
  readonly crew: readonly string[];
  /** Worktrees that git cannot read: kept, and set aside when their polecat is next given work. */
  readonly dangling: readonly string[];
}

export async function readWorkers(ctx: TownContext, paths: RigPaths, rig: string): Promise<RigWorkers> {
  const polecats = await folders(ctx, paths.polecatsDir);
  const crew = await folders(ctx, paths.crewDir);
  const dangling: string[] = [];
  for (const name of polecats) {
    const home = join(paths.polecatsDir, name);
    const isFlat = (await ctx.ports.files.stat(join(home, '.git'))) !== undefined;
    const worktree = isFlat ? home : join(home, rig);
    if ((await ctx.ports.files.stat(worktree)) !== undefined && !(await isReadable(ctx, worktree)))
      dangling.push(worktree);
  }
  for (const name of crew) {
    const clone = join(paths.crewDir, name);
    if (!(await isReadable(ctx, clone))) dangling.push(clone);
  }
  return { polecats, crew, dangling };
}

async function isReadable(ctx: TownContext, path: string): Promise<boolean> {
  try {
    if ((await ctx.ports.files.stat(join(path, '.git'))) === undefined) return false;
    await ctx.ports.git.worktrees.status(path);
    return true;
  } catch {
    return false;
  }
}

async function folders(ctx: TownContext, dir: string): Promise<readonly string[]> {
  const entries = (await ctx.ports.files.list(dir)) ?? [];
  return entries.filter(({ kind, name }) => kind === 'dir' && !name.startsWith('.')).map(({ name }) => name);
}
