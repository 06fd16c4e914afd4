import type { TownContext } from '../../beads/context.ts';
import { isFlat, readWorktreeState } from '../../hooks/worktree-state.ts';
import type { Rig } from '../../rig/registry.ts';
import { polecatPaths } from '../../town/layout.ts';
import { isBranchOf } from '../branch.ts';
import type { PolecatView } from '../list.ts';
import type { NukeFacts } from './plan.ts';

export async function readNukeFacts(ctx: TownContext, rig: Rig, view: PolecatView): Promise<NukeFacts> {
  const { name, row, work, seen, hasFolder } = view;
  const { home } = polecatPaths(ctx.root, rig.name, name);
  const refs = await ctx.ports.git.objects.listRefs(rig.paths.bare, 'refs/heads/');
  const branches = refs.map((ref) => ref.name.replace(/^refs\/heads\//, ''));
  const own = (branch: string): boolean => isBranchOf(branch, name) || branch === row?.branch;
  return {
    rig: rig.name,
    name,
    hasRow: row !== undefined && row.agentState !== 'nuked',
    hasFolder,
    isFlat: await isFlat(ctx, home),
    sessionUp: seen.kind === 'live' || seen.kind === 'unreadable',
    held: work.held,
    submitted: work.submitted.map(({ bead, mr }) => ({ bead: bead.id, mr: mr.id, phase: mr.phase })),
    worktree: hasFolder ? await readWorktreeState(ctx, rig, name) : { kind: 'absent' },
    branches: branches.filter(own),
  };
}
