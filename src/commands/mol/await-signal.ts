import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { awaitFor } from '../../hooks/await.ts';
import { readEventsFrom } from '../../town/event-log.ts';
import { actingTown } from '../acting-town.ts';
import { waitReply, waitRule } from './wait-reply.ts';

export const schema = z.object({
  reason: z.enum(['signal', 'timeout']),
  elapsed: z.number(),
  signal: z.optional(z.string()),
  idle_cycles: z.number(),
  effort_level: z.enum(['full', 'abbreviated']),
});

/** Waits for a line of the town's event log that is written from now on. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  let from = (await town.ports.files.stat(town.paths.eventsFile))?.size ?? 0;
  const waited = await awaitFor(town, {
    rule: waitRule(input),
    agentBead: input.flag('agent-bead') ?? '',
    signal: app.stopSignal,
    poll: async () => {
      const { events, next } = await readEventsFrom(town, from, {});
      from = next;
      return events[0];
    },
  });
  const found = waited.found === undefined ? {} : { signal: JSON.stringify(waited.found) };
  return waitReply(input, waited, { word: 'signal', found });
}
