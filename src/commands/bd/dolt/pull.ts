import * as z from 'zod/mini';
import { dropForeignOrders, readOrders } from '../../../beads/forms/foreign-orders.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import type { SqlSession } from '../../../ports/store.ts';
import { openBeads } from '../open.ts';
import { commitAll, exchangeOf, leftOut, openVersionsToWrite } from './versions.ts';

export const schema = z.object({ remote: z.string(), pulled: z.boolean(), message: z.string() });

/** Merges what a remote has; what is in no version here yet becomes one first. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await openVersionsToWrite(app, input);
  const exchange = exchangeOf(input);
  await commitAll(place, `bd: before pull from ${exchange.remote}`);
  const side = (['ours', 'theirs'] as const).find((name) => name === input.flag('winner'));
  const winner = side === undefined ? {} : { winner: side };
  let foreign: readonly string[] = [];
  const around = async (sql: SqlSession) => {
    const known = await readOrders(sql);
    return async () => {
      foreign = await dropForeignOrders(sql, known);
    };
  };
  const message = oneLine(await place.versions.pull(place.database, { ...exchange, ...winner, around }));
  // Both sides may have closed one of two blockers: neither of them could see that the last one is gone.
  await (await openBeads(app, input)).home.recomputeBlocked();
  await commitAll(place, `bd: readiness after pull from ${exchange.remote}`);
  return {
    data: { remote: exchange.remote, pulled: true, message },
    text: `Pulled ${exchange.remote} into ${place.database}. ${message}`.trimEnd(),
    ...leftOut(foreign),
  };
}
