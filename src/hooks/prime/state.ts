import type { TownContext } from '../../beads/context.ts';
import type { AgentAddress } from '../../core/address.ts';
import { readCheckpoint } from '../checkpoint.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { heldEverywhere } from '../find-hooked.ts';
import { readMark } from '../handoff/marker.ts';

/** How a session stands to the one before it. */
export interface SessionState {
  readonly state: 'normal' | 'post-handoff' | 'crash-recovery' | 'autonomous';
  /** The runtime's own id of the conversation that handed over, or that the checkpoint is of. */
  readonly previous: string | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly heldBead: string | undefined;
}

/**
 * post-handoff: the last session handed over · crash-recovery: it ended with work in hand that it had recorded ·
 * autonomous: there is work to begin · normal: there is none. Changes nothing.
 */
export async function readSessionState(ctx: TownContext, agent: AgentAddress): Promise<SessionState> {
  const [mark, checkpoint, { held }] = await Promise.all([
    readMark(ctx, agent),
    readCheckpoint(ctx, agent),
    heldEverywhere(ctx, agent),
  ]);
  const heldBead = held[0]?.id;
  const isOfWork = heldBead !== undefined && checkpoint?.hooked_bead === heldBead;
  const state = mark !== undefined ? 'post-handoff' : isOfWork ? 'crash-recovery' : undefined;
  return {
    state: state ?? (heldBead === undefined ? 'normal' : 'autonomous'),
    previous: mark?.from ?? checkpoint?.session_id,
    checkpoint,
    heldBead,
  };
}
