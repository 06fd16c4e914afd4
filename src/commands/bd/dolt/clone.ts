import * as z from 'zod/mini';
import { dropForeignOrders } from '../../../beads/forms/foreign-orders.ts';
import { upgradeLedger } from '../../../beads/place/upgrade.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { leftOut, openVersionsToWrite } from './versions.ts';

export const schema = z.object({ url: z.string(), database: z.string() });

/** Makes a database on the same server from a remote, history and all. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { versions, store } = await openVersionsToWrite(app, input);
  const [url, database] = [input.arg('url'), input.arg('database')];
  await versions.clone(url, database, input.flag('user'));
  // Wisps and the like are in no remote: their tables are made as in an upgrade.
  const { clock, random } = app.machine;
  await upgradeLedger({ store, clock, random }, database);
  const cloned = await store.open(database);
  const foreign = await cloned.transaction((sql) => dropForeignOrders(sql, new Map()));
  await store.commitVersion(database, `bd: cloned from ${url}`);
  const { location } = await store.health();
  return {
    data: { url, database },
    text: `Cloned ${url} as database ${database} on ${location}.\nTo use it: set "dolt_database": "${database}" in a .beads/metadata.json`,
    ...leftOut(foreign),
  };
}
