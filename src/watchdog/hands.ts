import type { AgentAddress } from '../core/address.ts';
import type { BeadId, SessionName, WorkerName } from '../core/names.ts';
import type { Death, RollForward } from '../polecat/dispatch/roll-forward.ts';
import type { Rig } from '../rig/registry.ts';

/** What a pass can do beyond looking; the daemon's are in `real-hands.ts`, tests bring their own. */
export interface Hands {
  /** Makes the ledger answer again, e.g. starts the Dolt server that died. Throws when it cannot. */
  startStore(): Promise<void>;
  /** Orderly end of a session; resolves when it is gone. Throws when it would not go. */
  stopSession(session: SessionName): Promise<void>;
  /** The next session of an agent that is no worker, as its last one was started. */
  startStanding(address: AgentAddress): Promise<void>;
  /** F4-F6 for a bead that is hooked to a worker. Counts its own failures, blocks the bead after the last. */
  rollForward(rig: Rig, bead: BeadId): Promise<RollForward>;
  /** The next session for a bead whose agent died, in the same worktree. */
  respawn(rig: Rig, bead: BeadId, death: Death): Promise<RollForward>;
  /** Blocks a bead that lost its worker too often. */
  giveUp(rig: Rig, worker: WorkerName, bead: BeadId, cause: string): Promise<void>;
  /** `gt done` from the first missing step. */
  resumeDone(rig: Rig, worker: WorkerName): Promise<void>;
  /** G5-G6: frees the worktree and ends the session; `ending` = its turn is not over yet. */
  finishDone(rig: Rig, worker: WorkerName): Promise<'finished' | 'ending'>;
  /** Tells the rig's refinery agent of changes to look at; starts it when it does not run. */
  callJudge(rig: Rig, message: string): Promise<void>;
  /** Tells agents that are no polecats of work on their hooks, when its sling could not. Returns a line for each it cannot. */
  tellStanding(): Promise<readonly string[]>;
  /** Dispatches queued beads that are ready while there are slots; `waiting` = those that are not, or find none. */
  dispatchQueue(): Promise<{ readonly dispatched: number; readonly waiting: number }>;
  /** Makes missing convoys and closes those whose members are all done. Returns how many closed. */
  closeConvoys(): Promise<number>;
}
