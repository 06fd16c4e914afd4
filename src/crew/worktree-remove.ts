import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import { counted } from '../core/text.ts';
import { provedReachable } from '../hooks/reachable.ts';
import { readBackCommand } from '../hooks/rescue-ref.ts';
import { keep, rescueWorktree } from '../hooks/rescue.ts';
import { lockCrew } from '../rig/crew-place.ts';
import type { CrewPlace } from '../rig/crew-place.ts';
import { worktreeBranch } from './worktree.ts';

export interface RemovedWorktree {
  readonly rescued: readonly string[];
  readonly readBack: readonly string[];
}

/**
 * Removes a worktree and its branch; what is nowhere else goes into rescue refs first (P2). RefusedError
 * `worktree.unsaved` without `force`.
 */
export async function removeWorktree(
  ctx: TownContext,
  place: CrewPlace,
  { force }: { readonly force: boolean },
): Promise<RemovedWorktree> {
  const { rig, path, name } = place;
  const { worktrees, objects } = ctx.ports.git;
  await using _lock = await lockCrew(ctx, place, 'worktree remove');
  if (!force) await refuseUnsaved(ctx, place);
  const proof = await rescueWorktree(ctx, rig, { path, label: name });
  await worktrees.remove(rig.paths.bare, path, proof);
  const rescued = [...proof.refs];
  const branch = `refs/heads/${worktreeBranch(place)}`;
  const tip = await objects.resolve(rig.paths.bare, branch);
  if (tip !== undefined) {
    const isKept = await provedReachable(ctx, rig, tip);
    if (!isKept) rescued.push(await keep(ctx, rig, { label: name, sha: tip }));
    await objects.updateRef(rig.paths.bare, branch, { to: undefined, from: tip });
  }
  return { rescued, readBack: rescued.map((ref) => readBackCommand(ref)) };
}

async function refuseUnsaved(ctx: TownContext, { rig, path }: CrewPlace): Promise<void> {
  const { head, changed, untracked, stashes, operation } = await ctx.ports.git.worktrees.status(path);
  const changes = [...changed, ...untracked];
  const reasons = [
    ...(operation === undefined ? [] : [`a ${operation} is under way`]),
    ...(changes.length === 0
      ? []
      : [`${counted(changes.length, 'change')} in no commit: ${changes.slice(0, 3).join(', ')}`]),
    ...(stashes === 0 ? [] : [counted(stashes, 'stash entry', 'stash entries')]),
    ...(head === undefined || (await provedReachable(ctx, rig, head))
      ? []
      : ['commits that are on no remote']),
  ];
  if (reasons.length === 0) return;
  throw new RefusedError({
    code: 'worktree.unsaved',
    message: `the worktree in ${rig.name} has ${reasons.join('; ')}`,
    hint: `Look at it: git -C ${path} status\ngt worktree remove ${rig.name} --force keeps it in a rescue ref`,
  });
}
