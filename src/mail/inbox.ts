import type { TownContext } from '../beads/context.ts';
import { boxOf, markDelivered, parseMessage } from '../beads/forms/message-row.ts';
import type { Message } from '../beads/forms/message-row.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';

/** An agent's box: what is not archived, by priority. One query. */
export async function readInbox(ctx: TownContext, agent: AgentAddress): Promise<readonly Message[]> {
  return (await (await ctx.ledgers.hq()).list(boxOf(agent))).map(parseMessage);
}

/** Notes that this agent was told of these; each is announced once. */
export async function acknowledge(
  ctx: TownContext,
  agent: AgentAddress,
  messages: readonly Message[],
): Promise<void> {
  const fresh = messages.filter(({ delivered }) => !delivered);
  if (fresh.length === 0) return;
  const at = `${new Date(ctx.ports.clock.now()).toISOString().slice(0, 19)}Z`;
  await (
    await ctx.ledgers.hq()
  ).transaction(formatAddress(agent), async (tx) => {
    for (const message of fresh) await markDelivered(tx, message, { agent, at });
  });
}
