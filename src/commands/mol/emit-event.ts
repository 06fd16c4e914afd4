import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { emitToChannel } from '../../town/channel.ts';
import { actingTown } from '../acting-town.ts';
import { parsePairs } from '../bd/texts.ts';

export const schema = z.object({ path: z.string(), channel: z.string(), type: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const event = {
    channel: input.flag('channel') ?? '',
    type: input.flag('type') ?? '',
    payload: parsePairs(input.list('payload')),
  };
  const path = await emitToChannel(town, event);
  return { data: { path, channel: event.channel, type: event.type }, text: `Wrote ${path}` };
}
