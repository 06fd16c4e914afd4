import type { TownContext } from '../../beads/context.ts';
import type { AgentAddress } from '../../core/address.ts';
import { startPrompt } from '../../hooks/start-prompt.ts';
import { ROLE_RULES } from './rules.ts';

/** An agent that was asked for on top of the daemon's work begins its round; the others wait for a person. */
export function patrolPrompt(ctx: TownContext, agent: AgentAddress): string | undefined {
  if (!ROLE_RULES[agent.role].isCode) return undefined;
  return startPrompt({
    agent,
    sender: ctx.actor,
    now: ctx.ports.clock.now(),
    topic: 'patrol',
    bead: undefined,
  });
}
