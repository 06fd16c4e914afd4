import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { moveBead } from '../../convoy/move-bead.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  from: z.string(),
  to: z.optional(z.string()),
  rig: z.string(),
  dry_run: z.boolean(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const dryRun = input.bool('dry-run');
  const request = { bead: input.arg('bead'), place: input.arg('prefix'), dryRun };
  const { from, to, rig } = await moveBead(await actingTown(app), request);
  return {
    data: { from, ...(to === undefined ? {} : { to }), rig, dry_run: dryRun },
    text: dryRun ? `Would move ${from} to ${rig}` : `Moved ${from} to ${to ?? rig} (${rig})`,
  };
}
