import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { takeOffHook } from '../release/take-off.ts';

/** Takes the bead off a holder that is dead, or that the caller overrules; what it made is kept. Returns the bead as it is then. */
export async function takeOver(ctx: TownContext, bead: Bead, from: AgentAddress): Promise<Bead> {
  const why = `slung again by ${formatAddress(ctx.actor)}, taken from ${formatAddress(from)}`;
  const report = await takeOffHook(ctx, { bead, force: true, why });
  return report.bead;
}
