import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { findBeadsHome } from '../../beads/home.ts';
import type { BeadsHome } from '../../beads/home.ts';
import { createLedgers } from '../../beads/ledgers.ts';
import type { Ledger, Ledgers } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { Store } from '../../ports/store.ts';
import { readRoutes } from '../../town/routes.ts';

/** The ledgers that a `bd` command works on. */
export interface BdHome {
  readonly ledgers: Ledgers;
  /** Where new beads go, and ids without a known prefix are looked for. */
  readonly home: Ledger;
  readonly store: Store;
  /** The `.beads` folder in use; undefined in a town without one. */
  readonly dir: string | undefined;
  /** A file, or `host:port/database`. */
  readonly databasePath: () => Promise<string>;
  readonly town: TownContext | undefined;
}

/** Opens what `findBeadsHome` finds from the working folder (or -C). Throws what it throws, and store errors. */
export async function openBeads(app: AppContext, input: CommandInput): Promise<BdHome> {
  const home = await findBeadsHome(searchOf(app, input));
  return home.kind === 'town' ? openTownHome(app, home) : openStandalone(app, home);
}

export function searchOf(app: AppContext, input: CommandInput) {
  const file = input.flag('db');
  return {
    files: app.machine.files,
    cwd: input.flag('directory') ?? app.cwd,
    env: app.env,
    ...(file === undefined ? {} : { file }),
  };
}

async function openTownHome(app: AppContext, home: Extract<BeadsHome, { kind: 'town' }>): Promise<BdHome> {
  const town = await app.townAt(home.root);
  const routes = await readRoutes(town.ports.files, town.paths);
  const known = new Set(routes.map((route) => route.database));
  const database = home.databases.find((name) => known.has(name)) ?? 'hq';
  const { store } = town.ports;
  return {
    ledgers: town.ledgers,
    home: await town.ledgers.open(database),
    store,
    dir: home.dir,
    async databasePath() {
      const { location } = await store.health();
      return store.kind === 'sqlite' ? join(location, `${database}.db`) : `${location}/${database}`;
    },
    town,
  };
}

async function openStandalone(app: AppContext, home: Exclude<BeadsHome, { kind: 'town' }>): Promise<BdHome> {
  const store = await app.storeAt(home);
  const ledgers: Ledgers = createLedgers({
    store,
    clock: app.machine.clock,
    random: app.machine.random,
    routes: async () => [{ prefix: (await ledgers.open(home.database)).prefix, database: home.database }],
  });
  return {
    ledgers,
    home: await ledgers.open(home.database),
    store,
    dir: home.dir,
    databasePath: async () =>
      home.kind === 'sqlite'
        ? join(home.folder, `${home.database}.db`)
        : `${home.host}:${home.port}/${home.database}`,
    town: undefined,
  };
}
