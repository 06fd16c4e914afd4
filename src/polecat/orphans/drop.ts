import type { TownContext } from '../../beads/context.ts';
import { proveOrKeep, removeLocalBranch } from '../../hooks/branch-proof.ts';
import { emitEvent } from '../../town/events.ts';
import type { Rig } from '../../rig/registry.ts';
import type { Orphan } from './read.ts';

export interface Dropped {
  readonly orphan: Orphan;
  /** What was written so that it can come back; undefined = it is kept elsewhere already. */
  readonly ref: string | undefined;
  /** Not done: the branch moved meanwhile. */
  readonly stays: boolean;
}

/**
 * Deletes orphaned branches; what is nowhere else goes into a rescue ref first (P2). Lost commits are left to git,
 * which collects them when its own time for that has come.
 */
export async function dropOrphans(
  ctx: TownContext,
  rig: Rig,
  orphans: readonly Orphan[],
): Promise<readonly Dropped[]> {
  const dropped: Dropped[] = [];
  for (const orphan of orphans) {
    const { branch, commit } = orphan;
    if (branch === undefined) continue;
    const label = /^polecat\/([^/]+)\//.exec(branch)?.[1] ?? 'orphans';
    const proof = await proveOrKeep(ctx, rig, { branch, tip: commit, label });
    dropped.push({ orphan, ref: proof.ref, stays: !(await removeLocalBranch(ctx, rig, proof)) });
  }
  const branches = dropped.filter(({ stays }) => !stays).map(({ orphan }) => orphan.branch ?? '');
  if (branches.length > 0) {
    await emitEvent(ctx, {
      type: 'branches_removed',
      payload: { rig: rig.name, branches, reason: 'orphans' },
    });
  }
  return dropped;
}
