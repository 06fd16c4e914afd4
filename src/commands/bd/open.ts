import { join, resolve } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { findBeadsHome, type BeadsHome } from '../../beads/place/home.ts';
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
  /** The `.beads` folder whose redirect led there. */
  readonly redirectedFrom: string | undefined;
  /** A file, or `host:port/database`. */
  readonly databasePath: () => Promise<string>;
  readonly town: TownContext | undefined;
}

/** Which database a command means, before anything of it was read: it may be damaged, or of an older schema. */
export interface BdPlace {
  readonly store: Store;
  readonly database: string;
  readonly dir: string | undefined;
  readonly town: TownContext | undefined;
}

/** Finds the database without opening it. Throws what `findBeadsHome` throws. */
export async function findPlace(app: AppContext, input: CommandInput): Promise<BdPlace> {
  const home = await findBeadsHome(searchOf(app, input));
  if (home.kind !== 'town') {
    return { store: await app.storeAt(home), database: home.database, dir: home.dir, town: undefined };
  }
  const town = await app.townAt(home.root, 'any');
  return { store: town.ports.store, database: await databaseOf(town, home), dir: home.dir, town };
}

/**
 * Opens what `findBeadsHome` finds from the working folder (or -C), or the `.beads` of another folder. Throws what
 * it throws, and store errors.
 */
export async function openBeads(app: AppContext, input: CommandInput, folder?: string): Promise<BdHome> {
  const search = searchOf(app, input);
  const home = await findBeadsHome(
    folder === undefined
      ? search
      : { files: search.files, cwd: folder, env: { ...app.env, BEADS_DIR: join(folder, '.beads') } },
  );
  return home.kind === 'town' ? openTownHome(app, home) : openStandalone(app, home);
}

export function searchOf(app: AppContext, input: CommandInput) {
  const file = input.flag('db');
  const folder = input.flag('directory');
  return {
    files: app.machine.files,
    cwd: folder === undefined ? app.cwd : resolve(app.cwd || '/', folder),
    isNamed: folder !== undefined,
    env: app.env,
    ...(file === undefined ? {} : { file }),
  };
}

async function openTownHome(app: AppContext, home: Extract<BeadsHome, { kind: 'town' }>): Promise<BdHome> {
  const town = await app.townAt(home.root);
  const database = await databaseOf(town, home);
  const { store } = town.ports;
  return {
    ledgers: town.ledgers,
    home: await town.ledgers.open(database),
    store,
    dir: home.dir,
    redirectedFrom: home.redirectedFrom,
    async databasePath() {
      const { location } = await store.health();
      return store.kind === 'sqlite' ? join(location, `${database}.db`) : `${location}/${database}`;
    },
    town,
  };
}

async function databaseOf(town: TownContext, home: Extract<BeadsHome, { kind: 'town' }>): Promise<string> {
  const routes = await readRoutes(town.ports.files, town.paths);
  const known = new Set(routes.map((route) => route.database));
  return home.databases.find((name) => known.has(name)) ?? 'hq';
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
    redirectedFrom: home.redirectedFrom,
    databasePath: async () =>
      home.kind === 'sqlite'
        ? join(home.folder, `${home.database}.db`)
        : `${home.host}:${home.port}/${home.database}`,
    town: undefined,
  };
}
