import * as z from 'zod/mini';
import { dropForeignOrders, readOrders } from '../../../beads/forms/foreign-orders.ts';
import { upgradeLedger } from '../../../beads/place/upgrade.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { oneLine } from '../../../core/text.ts';
import type { SqlSession } from '../../../ports/store.ts';
import { openBeads } from '../open.ts';
import { commitAll, exchangeOf, openVersionsToWrite, leftOut } from './versions.ts';

/** Sends all versions to a remote; what is in none yet becomes one first. */
export const push: CommandModule = {
  schema: z.object({ remote: z.string(), pushed: z.boolean(), message: z.string() }),
  async run(app, input) {
    const place = await openVersionsToWrite(app, input);
    const exchange = exchangeOf(input);
    await commitAll(place, `bd: push to ${exchange.remote}`);
    const mode = input.bool('force') ? 'force' : 'normal';
    const message = oneLine(await place.versions.push(place.database, { ...exchange, mode }));
    return {
      data: { remote: exchange.remote, pushed: true, message },
      text: `Pushed ${place.database} to ${exchange.remote}. ${message}`.trimEnd(),
    };
  },
};

/** Merges what a remote has; what is in no version here yet becomes one first. */
export const pull: CommandModule = {
  schema: z.object({ remote: z.string(), pulled: z.boolean(), message: z.string() }),
  async run(app, input) {
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
  },
};

/** Makes a database on the same server from a remote, history and all. */
export const clone: CommandModule = {
  schema: z.object({ url: z.string(), database: z.string() }),
  async run(app, input) {
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
  },
};
