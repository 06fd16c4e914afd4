import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { awaitFor } from '../../hooks/await.ts';
import { readChannel } from '../../town/channel.ts';
import { actingTown } from '../acting-town.ts';
import { waitReply, waitRule } from './wait-reply.ts';

export const schema = z.object({
  reason: z.enum(['event', 'timeout']),
  elapsed: z.number(),
  events: z.array(z.object({ path: z.string(), content: z.unknown() })),
  idle_cycles: z.number(),
  effort_level: z.enum(['full', 'abbreviated']),
});

/** Waits until the channel has an event; one that is there already counts. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const channel = input.flag('channel') ?? '';
  const mode = input.bool('cleanup') ? 'take' : 'look';
  const waited = await awaitFor(town, {
    rule: waitRule(input),
    agentBead: input.flag('agent-bead') ?? '',
    signal: app.stopSignal,
    poll: async () => {
      const events = await readChannel(town, channel, mode);
      return events.length === 0 ? undefined : events;
    },
  });
  return waitReply(input, waited, { word: 'event', found: { events: waited.found ?? [] } });
}
