import type { AgentAddress } from '../core/address.ts';
import type { TownPorts } from '../ports/index.ts';
import type { TownPaths } from './layout.ts';

/**
 * What town code needs of a `TownContext`. The town layer lies below the ledger and cannot name the full
 * context; every TownContext fits here.
 */
export interface TownBase {
  readonly root: string;
  readonly paths: TownPaths;
  readonly ports: Pick<TownPorts, 'files' | 'locks' | 'clock' | 'log'>;
  /** Who runs this command. */
  readonly actor: AgentAddress;
}
