import type { AgentAddress } from '../core/address.ts';
import { parsePrefix } from '../core/names.ts';
import type { Prefix } from '../core/names.ts';
import { rigNamed } from './registry.ts';
import type { RigSource } from './registry.ts';

/** Where the row of an agent lies, and what its session and its own bead begin with. */
export interface AgentPlace {
  readonly prefix: Prefix;
  readonly database: string;
}

/** The rig's ledger, else the town's. NotFoundError `rig.not-found`. */
export async function agentPlace(town: RigSource, address: AgentAddress): Promise<AgentPlace> {
  return 'rig' in address ? rigNamed(town, address.rig) : { prefix: parsePrefix('hq'), database: 'hq' };
}
