import { join } from 'node:path';
import { createPanes } from './adapters/panes.ts';
import { createTmux } from './adapters/tmux.ts';
import { quoted } from './adapters/tmux/quote.ts';
import type { TownContext } from './beads/context.ts';
import { createLedgers } from './beads/ledgers.ts';
import { createFailpoint } from './failpoint.ts';
import { lazyPort } from './lazy-port.ts';
import type { Dress } from './machine.ts';
import type { DoltProbe } from './ports/dolt-probe.ts';
import type { ForgePlace } from './ports/forge.ts';
import type { Locks } from './ports/locks.ts';
import type { MachinePorts, TownPorts } from './ports/index.ts';
import type { Store } from './ports/store.ts';
import type { Tmux } from './ports/tmux.ts';
import { townSocket } from './sessions/town-socket.ts';
import { readProjectId } from './town/beads-files.ts';
import { readDoltAddress } from './town/dolt-address.ts';
import { whoAmI } from './town/identity.ts';
import { PANE_HOST_ARGV } from './self.ts';
import { panePaths, townPaths, type TownPaths } from './town/layout.ts';
import { readRoutes } from './town/routes.ts';
import { readTown } from './town/town-file.ts';
import { versionAuthor } from './version-author.ts';

export interface TownRequest {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly machine: MachinePorts;
  readonly dress: Dress;
  readonly gtArgv: readonly [string, ...string[]];
  readonly leftOut: NonNullable<TownContext['leftOut']>;
}

export interface OpenTown {
  readonly context: TownContext;
  readonly isAdopted: boolean;
  /** Closes its databases. */
  close(): Promise<void>;
}

/**
 * Puts a town's ports and ledgers together; opens no database and starts nothing. Throws what `readTown` and
 * `whoAmI` throw.
 */
export async function openTown(request: TownRequest): Promise<OpenTown> {
  const { root, env, cwd, machine, gtArgv, leftOut } = request;
  const { files, clock, random } = machine;
  const paths = townPaths(root);
  const [{ store: kind, isAdopted }, { address: actor, conflict }, realRoot] = await Promise.all([
    readTown(files, paths),
    whoAmI({ env, cwd, files, root }),
    files.realPath(root),
  ]);
  const ports = await townPorts(request, { kind, paths, realRoot: realRoot ?? root });
  const routes = () => readRoutes(files, paths);
  const context: TownContext = {
    root,
    paths,
    ports,
    ledgers: createLedgers({ store: ports.store, routes, clock, random }),
    actor,
    conflict,
    leftOut,
    gtArgv,
    env,
    failpoint: createFailpoint(env),
  };
  return { context, isAdopted, close: () => ports.store.close() };
}

/** The machine's ports, and those that are the town's own. */
async function townPorts(
  request: TownRequest,
  {
    kind,
    paths,
    realRoot,
  }: { readonly kind: Store['kind']; readonly paths: TownPaths; readonly realRoot: string },
): Promise<TownPorts> {
  const { root, env, machine, dress } = request;
  const { files, clock, processes } = machine;
  const store = dress('store', await createStore(kind, request, paths));
  const tmux = once(() => dress('tmux', openTmux(request, paths, realRoot)));
  return {
    ...machine,
    store,
    doltProbe: lazyPort<DoltProbe>(async () => {
      const { createDoltProbe } = await import('./adapters/dolt/probe.ts');
      return createDoltProbe(await readDoltAddress({ paths, env, ports: machine }));
    }),
    forge: async (place: ForgePlace) => {
      const { createForge } = await import('./adapters/forge.ts');
      return dress('forge', createForge({ processes, env }, place));
    },
    locks: dress(
      'locks',
      lazyPort<Locks>(async () => {
        const { createLocks } = await import('./adapters/locks.ts');
        return createLocks({ dir: paths.locksDir, clock, processes });
      }),
    ),
    get tmux() {
      return tmux();
    },
    panes: dress(
      'panes',
      createPanes({
        folder: paths.panesDir,
        filesOf: (session) => panePaths(paths, session),
        hostArgv: PANE_HOST_ARGV,
        hostWords: [root],
        files,
        ipc: machine.ipc,
        processes,
        clock,
      }),
    ),
  };
}

function openTmux({ env, machine, ...request }: TownRequest, paths: TownPaths, realRoot: string): Tmux {
  return createTmux({
    socket: townSocket(realRoot, env['GT_TMUX_SOCKET']),
    configFile: join(paths.runtimeDir, 'tmux.conf'),
    files: machine.files,
    processes: machine.processes,
    env,
    gtLine: gtLine({ env, machine, ...request }),
    barsFile: paths.barsFile,
  });
}

/** A shell line that starts this gt for this town, wherever it is run. */
function gtLine({ root, env, gtArgv }: TownRequest): string {
  const socket = env['GT_TMUX_SOCKET'];
  const variables = { GT_TOWN_ROOT: root, ...(socket === undefined ? {} : { GT_TMUX_SOCKET: socket }) };
  const settings = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...settings, ...gtArgv.map(quoted)].join(' ');
}

async function createStore(
  kind: Store['kind'],
  { env, machine }: TownRequest,
  paths: TownPaths,
): Promise<Store> {
  const { files, clock } = machine;
  const projectIdOf = (database: string) => readProjectId(files, paths, database);
  if (kind === 'sqlite') {
    const { createSqliteStore } = await import('./adapters/sqlite/store.ts');
    const ignoreSchemaSkew = env['BD_IGNORE_SCHEMA_SKEW'] === '1';
    return createSqliteStore({ dir: paths.storeDir, clock, projectIdOf, ignoreSchemaSkew });
  }
  const { createDoltStore } = await import('./adapters/dolt/store.ts');
  const town = { paths, env, ports: machine };
  return createDoltStore({
    ...(await readDoltAddress(town)),
    // `gt up` may move the server to another port before the first statement.
    findServer: () => readDoltAddress(town),
    clock,
    projectIdOf,
    author: versionAuthor(env),
    ignoreSchemaSkew: env['BD_IGNORE_SCHEMA_SKEW'] === '1',
    prove: async (facts) => {
      const { proveDolt } = await import('./town/dolt-server.ts');
      await proveDolt(town, facts);
    },
  });
}

/** Made at the first call. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
