import type { AgentAddress } from '../core/address.ts';
import type { TownPorts } from '../ports/index.ts';
import type { Conflict } from '../town/identity.ts';
import type { TownPaths } from '../town/layout.ts';
import type { Ledgers } from './types.ts';

/**
 * What every domain function of a town works with: where the town is, its ports, its ledgers and who acts.
 * Built once per process by src/context.ts, or by a test on fakes.
 */
export interface TownContext {
  readonly root: string;
  readonly paths: TownPaths;
  readonly ports: TownPorts;
  readonly ledgers: Ledgers;
  /** Who runs this command. */
  readonly actor: AgentAddress;
  /** What says that it is somebody else; whoever writes refuses then (P18). */
  readonly conflict?: Conflict | undefined;
  /** Hears of rigs that a list over all of them had to leave out. */
  readonly leftOut?: (rig: { readonly name: string; readonly why: string }) => void;
  /** Absolute argv prefix that starts this gt again (`[node, main]` or `[binary]`). */
  readonly gtArgv: readonly [string, ...string[]];
  /** The caller's environment, read once. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops the process at a named step when a test asked for it (spec 11 F-H). */
  readonly failpoint: (step: string, when: 'before' | 'after') => void;
}
