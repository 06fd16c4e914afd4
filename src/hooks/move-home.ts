import type { TownContext } from '../beads/context.ts';
import type { WorkerName } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { polecatPaths } from '../town/layout.ts';
import { readAgentFile, writeAgentFile } from './agent-file.ts';
import { rescueWorktree } from './rescue.ts';
import { submodulesOf } from './submodules.ts';
import { lookAtPlace, setAside } from './worktree-files.ts';
import { isFlat } from './worktree-state.ts';

export interface HomeMove {
  readonly from: WorkerName;
  readonly to: WorkerName;
}

/**
 * Moves a worker's folder with its worktree to another name; git's own record follows. Git moves no worktree with
 * submodules: that one goes, everything in it kept, and the next dispatch makes a new one. Returns the rescue refs.
 * Call only while holding `lockWorktree` of both names.
 */
export async function moveHome(
  ctx: TownContext,
  rig: Rig,
  { from, to }: HomeMove,
): Promise<readonly string[]> {
  const { git } = ctx.ports;
  const [old, next] = [polecatPaths(ctx.root, rig.name, from), polecatPaths(ctx.root, rig.name, to)];
  const flat = await isFlat(ctx, old.home);
  const path = flat ? old.home : old.worktree;
  const place = (await lookAtPlace(ctx, path)).kind;
  if (place === 'foreign') {
    await setAside(ctx, rig, { worker: from, path: old.home });
    return [];
  }
  const mayMove = place === 'worktree' && (await submodulesOf(ctx, path)).length === 0;
  const file = await readAgentFile(ctx, rig, from);
  const proof = mayMove ? undefined : await rescueWorktree(ctx, rig, { path, label: from });
  if (proof === undefined) await git.worktrees.move(rig.paths.bare, path, next.worktree);
  else await git.worktrees.remove(rig.paths.bare, path, proof);
  if (mayMove && file !== undefined && !flat) await writeAgentFile(ctx, rig, { worker: to, file });
  if (!flat) await dropHome(ctx, rig, { home: old.home, identityFile: old.identityFile, from });
  return proof?.refs ?? [];
}

async function dropHome(
  ctx: TownContext,
  rig: Rig,
  {
    home,
    identityFile,
    from,
  }: { readonly home: string; readonly identityFile: string; readonly from: WorkerName },
): Promise<void> {
  await ctx.ports.files.remove(identityFile);
  const left = (await ctx.ports.files.list(home)) ?? [];
  if (left.length > 0) await setAside(ctx, rig, { worker: from, path: home });
  else await ctx.ports.files.remove(home);
}
