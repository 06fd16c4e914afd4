import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import { stateLabels, writeState } from '../../beads/forms/state-labels.ts';
import type { StateChange } from '../../beads/forms/state-labels.ts';
import { locateBead } from '../../beads/locate.ts';
import type { LocatedBead } from '../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress, isTownAddress } from '../../core/address.ts';
import { oneLine } from '../../core/text.ts';
import { findTarget } from '../../sessions/target.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ agent_bead: z.string(), labels: z.record(z.string(), z.string()) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const change: StateChange = {
    set: input.list('set'),
    increment: input.list('incr'),
    remove: input.list('del'),
  };
  const isWrite = change.set.length + change.increment.length + change.remove.length > 0;
  const ctx = isWrite ? await actingTown(app) : await app.town();
  const { ledger, bead } = await findAgentBead(ctx, input.arg('agent-bead'));
  const labels = isWrite
    ? await ledger.transaction(formatAddress(ctx.actor), (tx) => writeState(tx, bead.id, change))
    : stateLabels(bead.labels);
  const lines = Object.entries(labels).map(([key, value]) => `  ${key}: ${oneLine(value)}`);
  return {
    data: { agent_bead: bead.id, labels },
    text: [bead.id, ...(lines.length === 0 ? ['  no state'] : lines)].join('\n'),
  };
}

/** By the id of its bead, or by its address. */
async function findAgentBead(ctx: TownContext, text: string): Promise<LocatedBead> {
  const byAddress = text.includes('/') || isTownAddress(text);
  const id = byAddress ? (await findTarget(ctx, text)).bead : text;
  return locateBead(ctx.ledgers, await ctx.ledgers.hq(), id);
}
