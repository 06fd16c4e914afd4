import type { TownContext } from '../../beads/context.ts';
import { removeLocalBranch } from '../../hooks/branch-proof.ts';
import { pushRemote } from '../../hooks/reachable.ts';
import type { Rig } from '../../rig/registry.ts';
import { emitEvent } from '../../town/events.ts';
import { readBranches } from './facts.ts';
import { planBranches } from './plan.ts';
import type { BranchPlan, BranchStep, BranchSweep, KeptBranch } from './plan.ts';

export interface SweepRequest {
  readonly sweep: BranchSweep;
  readonly dryRun: boolean;
}

/** Deletes branches that gt made and nobody needs. What moved since it was looked at stays. */
export async function sweepBranches(ctx: TownContext, rig: Rig, request: SweepRequest): Promise<BranchPlan> {
  const plan = planBranches(await readBranches(ctx, rig, request.sweep), request.sweep);
  if (request.dryRun) return plan;
  const gone: BranchStep[] = [];
  const kept: KeptBranch[] = [...plan.kept];
  for (const step of plan.steps) {
    const where = step.do === 'delete-local' ? 'local' : 'remote';
    if (await runStep(ctx, rig, step)) gone.push(step);
    else kept.push({ name: step.name, where, why: 'it moved meanwhile' });
  }
  if (gone.length > 0) {
    const payload = { rig: rig.name, branches: gone.map(({ name }) => name), reason: request.sweep };
    await emitEvent(ctx, { type: 'branches_removed', payload });
  }
  return { steps: gone, kept };
}

async function runStep(ctx: TownContext, rig: Rig, step: BranchStep): Promise<boolean> {
  if (step.do === 'delete-local') return removeLocalBranch(ctx, rig, step.proof);
  const { branch, tip } = step.proof;
  const updates = [{ ref: `refs/heads/${branch}`, sha: undefined, lease: tip }];
  const { pushed } = await ctx.ports.git.remotes.push(rig.paths.bare, { to: pushRemote(rig), updates });
  if (!pushed) return false;
  await ctx.ports.git.objects.updateRef(rig.paths.bare, `refs/remotes/origin/${branch}`, {
    to: undefined,
    from: tip,
  });
  return true;
}
