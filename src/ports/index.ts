import type { Archives } from './archives.ts';
import type { Clock } from './clock.ts';
import type { DoltProbe } from './dolt-probe.ts';
import type { Files } from './files.ts';
import type { Forge, ForgePlace } from './forge.ts';
import type { Git } from './git.ts';
import type { Ipc } from './ipc.ts';
import type { Locks } from './locks.ts';
import type { Log } from './log.ts';
import type { Panes } from './panes.ts';
import type { Processes } from './processes.ts';
import type { Random } from './random.ts';
import type { Store } from './store.ts';
import type { Tmux } from './tmux.ts';

/** Ports that exist before any town is known. */
export interface MachinePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly archives: Archives;
  readonly processes: Processes;
  readonly git: Git;
  readonly ipc: Ipc;
  readonly log: Log;
}

/** Ports of one town. */
export interface TownPorts extends MachinePorts {
  readonly locks: Locks;
  readonly tmux: Tmux;
  readonly panes: Panes;
  readonly store: Store;
  /** Asks whoever holds the town's Dolt port who it is. */
  readonly doltProbe: DoltProbe;
  /** Pull requests of a repository. UsageError `forge.bad-url`. */
  readonly forge: (place: ForgePlace) => Promise<Forge>;
}
