import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { BranchSweep } from '../../polecat/branches/plan.ts';
import { sweepBranches } from '../../polecat/branches/run.ts';
import { rigNamed } from '../../rig/registry.ts';
import { renderSweep } from '../../ui/text/polecat-care.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  rig: z.string(),
  dry_run: z.boolean(),
  deleted: z.array(
    z.object({
      branch: z.string(),
      where: z.enum(['local', 'remote']),
      tip: z.string(),
      because: z.string(),
    }),
  ),
  kept: z.array(z.object({ branch: z.string(), where: z.enum(['local', 'remote']), because: z.string() })),
});

/** `polecat gc` and `polecat prune`. */
export async function runSweep(
  app: AppContext,
  input: CommandInput,
  sweep: BranchSweep,
): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await rigNamed(town, input.arg('rig'));
  const dryRun = input.bool('dry-run');
  const { steps, kept } = await sweepBranches(town, rig, { sweep, dryRun });
  const data = {
    rig: rig.name,
    dry_run: dryRun,
    deleted: steps.map(({ do: verb, name, proof }) => ({
      branch: name,
      where: verb === 'delete-local' ? ('local' as const) : ('remote' as const),
      tip: proof.tip,
      because: proof.by,
    })),
    kept: kept.map(({ name, where, why }) => ({ branch: name, where, because: why })),
  };
  return { data, text: renderSweep(data, app.output) };
}
