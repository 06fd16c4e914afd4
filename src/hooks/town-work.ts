import type { TownContext } from '../beads/context.ts';
import type { AgentAddress } from '../core/address.ts';
import type { WorkStart } from './begin-work.ts';
import { heldEverywhere } from './find-hooked.ts';

/** Work of an agent that is bound to no rig, or that may lie in the town's own ledger: every database is asked. */
export async function readTownWork(ctx: TownContext, agent: AgentAddress): Promise<WorkStart> {
  const [bead] = (await heldEverywhere(ctx, agent)).held;
  if (bead === undefined) return { kind: 'nothing', submitted: undefined };
  return { kind: bead.status === 'hooked' ? 'begun' : 'continued', bead };
}
