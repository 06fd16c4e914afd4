import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { rescuePrefix } from '../hooks/rescue-ref.ts';
import type { Rig } from '../rig/registry.ts';
import { polecatPaths } from '../town/layout.ts';
import type { PolecatView } from './list.ts';

/** What only a look into the worktree tells of a polecat. */
export interface PolecatDetail {
  readonly worktree: string;
  /** Branch HEAD is on, else the branch of its dispatch. */
  readonly branch: string | undefined;
  /** Paths in no commit; undefined when there is no worktree or git cannot read it. */
  readonly changes: readonly string[] | undefined;
  /** Refs that keep earlier work of this name. */
  readonly rescues: readonly string[];
}

export async function readPolecatDetail(
  ctx: TownContext,
  rig: Rig,
  view: PolecatView,
): Promise<PolecatDetail> {
  const { worktree } = polecatPaths(ctx.root, rig.name, view.name);
  const refs = await ctx.ports.git.objects.listRefs(rig.paths.bare, rescuePrefix(rig, view.name));
  const rescues = refs.map((ref) => ref.name);
  const branch = view.row?.branch;
  if ((await ctx.ports.files.stat(worktree)) === undefined)
    return { worktree, branch, changes: undefined, rescues };
  try {
    const status = await ctx.ports.git.worktrees.status(worktree);
    return {
      worktree,
      branch: status.branch ?? branch,
      changes: [...status.changed, ...status.untracked],
      rescues,
    };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('worktree not readable', { worktree, why: messageOf(error) });
    return { worktree, branch, changes: undefined, rescues };
  }
}
