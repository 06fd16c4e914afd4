import type { TownContext } from '../../beads/context.ts';
import { sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { agentPlace } from '../../rig/agent-place.ts';

/** Whoever gives work to an agent that is no polecat holds this until the agent was told. UnavailableError `lock.held`. */
export async function lockHook(
  ctx: TownContext,
  agent: AgentAddress,
  options: { readonly purpose: string; readonly waitMs: number },
): Promise<AsyncDisposable> {
  const { prefix } = await agentPlace(ctx, agent);
  return ctx.ports.locks.acquire(`hook-${sessionOf(agent, prefix)}`, options);
}
