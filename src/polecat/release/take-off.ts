import type { TownContext } from '../../beads/context.ts';
import { RefusedError } from '../../core/errors.ts';
import { readRigs, rigOfId } from '../../rig/registry.ts';
import { emitEvent } from '../../town/events.ts';
import { placedAgentOf } from './facts.ts';
import { giveBack } from './write.ts';
import { releaseBead } from './run.ts';
import type { ReleaseReport, ReleaseRequest } from './run.ts';

/** `unsling` and `hook clear`: takes any bead off its hook, one of a rig with its worker, one of the town by its row alone. */
export async function takeOffHook(
  ctx: TownContext,
  request: Omit<ReleaseRequest, 'rig'>,
): Promise<ReleaseReport> {
  const rig = rigOfId(await readRigs(ctx), request.bead.id);
  return rig === undefined ? takeOffTownBead(ctx, request) : releaseBead(ctx, { ...request, rig });
}

async function takeOffTownBead(
  ctx: TownContext,
  request: Omit<ReleaseRequest, 'rig'>,
): Promise<ReleaseReport> {
  const { bead, force, dryRun, why } = request;
  if (bead.status !== 'hooked' && !(bead.status === 'in_progress' && force)) {
    const code = bead.status === 'in_progress' ? 'unsling.under-way' : 'unsling.not-held';
    throw new RefusedError({
      code,
      message: `${bead.id} is ${bead.status}`,
      hint: `Run: bd show ${bead.id}`,
    });
  }
  const steps = [{ do: 'release', priorBranch: undefined }] as const;
  if (dryRun === true) return { bead, steps, rescued: [], readBack: [] };
  const holder = await placedAgentOf(ctx, bead.assignee);
  await giveBack(ctx, { bead, holder, why, priorBranch: undefined });
  await emitEvent(ctx, { type: 'unhook', payload: { bead: bead.id, target: bead.assignee } });
  const now = await (await ctx.ledgers.of(bead.id)).get(bead.id);
  return { bead: now ?? bead, steps, rescued: [], readBack: [] };
}
