import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { releaseBead } from '../release/run.ts';
import type { SlingFacts } from './facts.ts';

/** Takes the bead off a holder that is dead, or that the caller overrules; what it made is kept. Returns the bead as it is then. */
export async function takeOver(ctx: TownContext, facts: SlingFacts, from: AgentAddress): Promise<Bead> {
  const { rig, bead } = facts;
  const why = `slung again by ${formatAddress(ctx.actor)}, taken from ${formatAddress(from)}`;
  const report = await releaseBead(ctx, { rig, bead, force: true, why });
  return report.bead;
}
