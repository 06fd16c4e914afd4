import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { claimRequest, releaseRequest } from '../../refinery/claims.ts';
import { rigOfBead } from '../../rig/rig-of-bead.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ id: z.string(), assignee: z.string() });

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return change(app, input, claimRequest);
}

/** Who works it off: GT_REFINERY_WORKER, else the first. */
export async function change(
  app: AppContext,
  input: CommandInput,
  act: typeof claimRequest | typeof releaseRequest,
): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const { rig } = await rigOfBead(ctx, input.arg('mr'));
  const worker = app.env['GT_REFINERY_WORKER'] || 'refinery-1';
  const { id, bead } = await act(ctx, rig, { mr: input.arg('mr'), worker });
  const { style } = app.output;
  const text = bead.assignee === '' ? `${id} is free again` : `${id} is claimed by ${bead.assignee}`;
  return { data: { id, assignee: bead.assignee }, text: `${style.green('✓')} ${text}` };
}
