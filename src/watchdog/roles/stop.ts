import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { SessionName } from '../../core/names.ts';
import { lockSession } from '../../sessions/start.ts';
import { ORDERLY_MS, mustStop } from '../../sessions/stop.ts';
import { targetOf } from '../../sessions/target.ts';
import { emitEvent } from '../../town/events.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { setAgentWanted } from '../../town/wanted.ts';

export interface StoppedRole {
  readonly session: SessionName;
  /** False = there was nothing to stop. */
  readonly wasRunning: boolean;
}

/**
 * Stops an agent for good: that it is wanted down is written first, so that nothing starts it again (P10); then its
 * session ends, in order or (`force`) at once. What it holds stays with it. UnavailableError `session.will-not-stop`.
 */
export async function stopRole(
  ctx: TownContext,
  address: AgentAddress,
  { force, reason }: { readonly force?: boolean; readonly reason: string },
): Promise<StoppedRole> {
  const { session } = await targetOf(ctx, address);
  // Nothing starts crew by itself.
  if (address.role !== 'crew') await setAgentWanted(ctx, address, 'down');
  // A start that is under way has read the old wish: it ends first.
  await using _lock = await lockSession(ctx, session);
  const seen = await ctx.ports.panes.observe(session);
  await mustStop(ctx, session, { waitMs: force === true ? 0 : ORDERLY_MS });
  const wasRunning = seen.kind === 'live' || seen.kind === 'unreadable';
  if (wasRunning) {
    const rig = 'rig' in address ? { rig: address.rig } : {};
    await emitEvent(ctx, { type: 'kill', payload: { ...rig, target: formatAddress(address), reason } });
  }
  await wakeDaemon(ctx, 'config');
  return { session, wasRunning };
}
