import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { pruneBranches } from '../../hooks/prune-branches.ts';
import { renderPruned } from '../../ui/text/orphans.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  dry_run: z.boolean(),
  deleted: z.array(z.object({ branch: z.string(), tip: z.string(), because: z.string() })),
  kept: z.array(z.object({ branch: z.string(), because: z.string() })),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const dryRun = input.bool('dry-run');
  const pattern = input.flag('pattern') ?? 'polecat/*';
  const pruned = await pruneBranches(town, app.cwd, { pattern, dryRun });
  return { data: { dry_run: dryRun, ...pruned }, text: () => renderPruned(pruned, dryRun, app.output.style) };
}
