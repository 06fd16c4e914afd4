import { UnreadableError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Database, Store } from '../ports/store.ts';
import { noRoute } from './errors.ts';
import { createLedger } from './ledger.ts';
import { barePrefix, routeOf, type PrefixRoute } from './sql/scope.ts';
import type { Ledger, Ledgers } from './types.ts';
import { createUuid7 } from './words/uuid7.ts';

export interface LedgersOptions {
  readonly store: Store;
  /** Prefix → database, read anew each time: rigs come and go while a daemon runs. */
  readonly routes: () => Promise<readonly PrefixRoute[]>;
  readonly clock: Clock;
  readonly random: Random;
}

/** All ledgers of a town, or the one of a folder without a town. Databases open on first use and stay open. */
export function createLedgers(options: LedgersOptions): Ledgers {
  const opened = new Map<string, Promise<Ledger>>();
  const open = (name: string): Promise<Ledger> => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const opening = openLedger(options, name);
    opened.set(name, opening);
    // A database that could not be opened is tried again by the next caller.
    opening.catch(() => opened.delete(name));
    return opening;
  };
  const databases = async () => [...new Set((await options.routes()).map((route) => route.database))];
  return {
    open,
    hq: () => open('hq'),
    async of(id) {
      const routes = await options.routes();
      const route = routeOf(routes, id);
      if (route === undefined) throw noRoute(id, routes);
      return open(route.database);
    },
    async all() {
      return Promise.all((await databases()).map(open));
    },
    async inEach(work) {
      const failures: unknown[] = [];
      for (const name of await databases()) {
        await open(name)
          .then(work)
          .catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function openLedger({ store, routes, clock, random }: LedgersOptions, name: string): Promise<Ledger> {
  const database = await store.open(name);
  const now = () => clock.now();
  return createLedger(database, {
    database: name,
    prefix: prefixOf(database),
    sql: database,
    dialect: database.dialect,
    now,
    random,
    uuid7: createUuid7(now, random),
    routes,
  });
}

/** The prefix of new ids is the database's own word, not a file's. */
function prefixOf({ name, prefix }: Database): string {
  if (barePrefix(prefix) !== '') return barePrefix(prefix);
  throw new UnreadableError({
    code: 'store.no-prefix',
    message: `database '${name}' has no issue_prefix`,
    hint: "Set it with SQL: INSERT INTO config (`key`, value) VALUES ('issue_prefix', '<prefix>')",
  });
}
