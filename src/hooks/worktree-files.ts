import { isAbsolute, join, relative } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { GtError } from '../core/errors.ts';
import type { WorkerName } from '../core/names.ts';
import type { WorktreeStatus } from '../ports/git.ts';
import type { Rig } from '../rig/registry.ts';
import type { PlaceKind } from './worktree-plan.ts';

/** A lock file younger than this may belong to a git that is running. */
const LOCK_AGE_MS = 10_000;

/** The path as git lists it: with links in the town's path resolved, also when the worktree itself is gone. */
export async function realWorktreePath(ctx: TownContext, rig: Rig, path: string): Promise<string> {
  const real = await ctx.ports.files.realPath(rig.paths.root);
  return real === undefined ? path : join(real, relative(rig.paths.root, path));
}

/**
 * A git that was killed leaves `index.lock` behind, and every later command in the worktree fails on it. Call only
 * while holding the worktree's lock with no agent running there.
 */
export async function dropStaleIndexLock(ctx: TownContext, path: string): Promise<void> {
  const { files, clock } = ctx.ports;
  const pointer = /^gitdir: (.+)$/m.exec((await files.readText(join(path, '.git'))) ?? '')?.[1];
  if (pointer === undefined) return;
  const lock = join(isAbsolute(pointer) ? pointer : join(path, pointer), 'index.lock');
  const stat = await files.stat(lock);
  if (stat !== undefined && clock.now() - stat.modified > LOCK_AGE_MS) await files.remove(lock);
}

/** What lies at a worktree's path, and how git sees it. */
export type Place =
  | { readonly kind: 'worktree'; readonly status: WorktreeStatus }
  | { readonly kind: Exclude<PlaceKind, 'worktree'> };

export async function lookAtPlace(ctx: TownContext, path: string): Promise<Place> {
  const { files, git } = ctx.ports;
  const entries = await files.list(path);
  if (entries === undefined) return { kind: (await files.stat(path)) === undefined ? 'absent' : 'foreign' };
  if (entries.length === 0) return { kind: 'empty' };
  if (!entries.some((entry) => entry.name === '.git')) return { kind: 'foreign' };
  try {
    return { kind: 'worktree', status: await git.worktrees.status(path) };
  } catch (error) {
    // Git itself cannot read it, so nothing can be rescued from it: it is kept as it is, out of the way.
    if (error instanceof GtError) return { kind: 'foreign' };
    throw error;
  }
}

/** Moves files that git cannot read out of the way and returns where they are now. */
export async function setAside(
  ctx: TownContext,
  rig: Rig,
  { worker, path }: { readonly worker: WorkerName; readonly path: string },
): Promise<string> {
  const folder = join(rig.paths.runtimeDir, 'rescued');
  const target = join(folder, `${worker}-${ctx.ports.clock.now()}`);
  await ctx.ports.files.makeDir(folder);
  await ctx.ports.files.rename(path, target);
  ctx.ports.log.warn('unknown files moved out of the way', { from: path, to: target });
  return target;
}

/** False for files that are no worktree, or one that git cannot read; true also when nothing is there. */
export async function isReadableWorktree(ctx: TownContext, path: string): Promise<boolean> {
  return (await lookAtPlace(ctx, path)).kind !== 'foreign';
}
