import type { TownContext } from '../../beads/context.ts';
import type { AgentAddress } from '../../core/address.ts';
import { lastTerms } from '../../sessions/last-conversation.ts';
import { startAgent } from '../../sessions/start-agent.ts';
import { targetOf } from '../../sessions/target.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import { patrolPrompt } from './patrol-prompt.ts';

/**
 * Starts an agent again as it was started last: same runtime, and where that can, the same conversation. Not when it
 * was stopped meanwhile.
 */
export async function restartStanding(ctx: TownContext, address: AgentAddress): Promise<void> {
  if (agentWanted(await readWanted(ctx), address) === 'down') return;
  const seen = await ctx.ports.panes.observe((await targetOf(ctx, address)).session);
  const prompt = patrolPrompt(ctx, address);
  await startAgent(ctx, { ...lastTerms(seen), address, resume: 'last', prompt });
}
