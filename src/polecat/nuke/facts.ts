import type { TownContext } from '../../beads/context.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import { provedReachable } from '../../hooks/reachable.ts';
import { submodulesOf } from '../../hooks/submodules.ts';
import type { Rig } from '../../rig/registry.ts';
import { polecatPaths } from '../../town/layout.ts';
import { isBranchOf } from '../branch.ts';
import type { PolecatView } from '../list.ts';
import type { NukeFacts } from './plan.ts';

export async function readNukeFacts(ctx: TownContext, rig: Rig, view: PolecatView): Promise<NukeFacts> {
  const { name, row, work, seen, hasFolder } = view;
  const { worktree } = polecatPaths(ctx.root, rig.name, name);
  const refs = await ctx.ports.git.objects.listRefs(rig.paths.bare, 'refs/heads/');
  const branches = refs.map((ref) => ref.name.replace(/^refs\/heads\//, ''));
  return {
    rig: rig.name,
    name,
    hasRow: row !== undefined && row.agentState !== 'nuked',
    hasFolder,
    sessionUp: seen.kind === 'live' || seen.kind === 'unreadable',
    held: work.held.map((bead) => bead.id),
    submitted: work.submitted.map(({ bead, mr }) => ({ bead: bead.id, mr: mr.id, phase: mr.phase })),
    ...(hasFolder ? await readWorktree(ctx, rig, worktree) : NO_WORKTREE),
    branches: branches.filter((branch) => isBranchOf(branch, name)),
  };
}

const NO_WORKTREE = { dirty: [], headSafe: undefined } as const;

async function readWorktree(
  ctx: TownContext,
  rig: Rig,
  worktree: string,
): Promise<Pick<NukeFacts, 'dirty' | 'headSafe'>> {
  if ((await ctx.ports.files.stat(worktree)) === undefined) return NO_WORKTREE;
  try {
    const status = await ctx.ports.git.worktrees.status(worktree);
    const stashes = Array.from({ length: status.stashes }, (_, index) => `stash@{${index}}`);
    const operation = status.operation === undefined ? [] : [`${status.operation} under way`];
    const { head } = status;
    return {
      dirty: [...status.changed, ...status.untracked, ...stashes, ...operation],
      headSafe:
        head === undefined ||
        ((await provedReachable(ctx, rig, head)) && (await submodulesSafe(ctx, worktree))),
    };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('worktree not readable', { worktree, why: messageOf(error) });
    return { dirty: undefined, headSafe: false };
  }
}

/** A submodule's repository goes with the worktree: only what its own remote shows is safe. */
async function submodulesSafe(ctx: TownContext, worktree: string): Promise<boolean> {
  for (const path of await submodulesOf(ctx, worktree)) {
    const repo = `${worktree}/${path}`;
    const head = await ctx.ports.git.objects.resolve(repo, 'HEAD');
    const { heads } = await ctx.ports.git.remotes.list(repo, 'origin');
    if (head !== undefined && ![...heads.values()].includes(head)) return false;
  }
  return true;
}
