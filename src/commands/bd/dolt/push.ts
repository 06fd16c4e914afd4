import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { commitAll, exchangeOf, openVersionsToWrite } from './versions.ts';

export const schema = z.object({ remote: z.string(), pushed: z.boolean(), message: z.string() });

/** Sends all versions to a remote; what is in none yet becomes one first. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await openVersionsToWrite(app, input);
  const exchange = exchangeOf(input);
  await commitAll(place, `bd: push to ${exchange.remote}`);
  const mode = input.bool('force') ? 'force' : 'normal';
  const message = oneLine(await place.versions.push(place.database, { ...exchange, mode }));
  return {
    data: { remote: exchange.remote, pushed: true, message },
    text: `Pushed ${place.database} to ${exchange.remote}. ${message}`.trimEnd(),
  };
}
