import { createClock } from './adapters/clock.ts';
import { createLog } from './adapters/log.ts';
import type { LogLevel } from './adapters/log.ts';
import { createRandom } from './adapters/random.ts';
import { lazyPort } from './lazy-port.ts';
import type { MachinePorts } from './ports/index.ts';
import type { Processes } from './ports/processes.ts';

type Env = Readonly<Record<string, string>>;

/** A port as gt shall see it: its own, or one that counts, tells or fails. */
export type Dress = <T extends object>(name: string, port: T) => T;

export const bare: Dress = (_name, port) => port;

/** The machine's ports. Each adapter, and the packages behind it, is imported by its first use. */
export function createMachine(env: Env, dress: Dress): MachinePorts {
  const processes = dress(
    'processes',
    lazyPort<Processes>(async () => (await import('./adapters/processes.ts')).createProcesses()),
  );
  return {
    clock: createClock(),
    random: createRandom(),
    log: createLog({ level: logLevel(env) }),
    files: dress(
      'files',
      lazyPort(async () => (await import('./adapters/files.ts')).createFiles()),
    ),
    archives: dress(
      'archives',
      lazyPort(async () => (await import('./adapters/archives.ts')).createArchives()),
    ),
    processes,
    ipc: dress(
      'ipc',
      lazyPort(async () => {
        const { createIpc } = await import('./adapters/ipc.ts');
        return createIpc({ runtimeDir: env['XDG_RUNTIME_DIR'] });
      }),
    ),
    git: lazyGit(env, processes, dress),
  };
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** Silent unless somebody looks for a fault: a command's own warnings go through its reply. */
function logLevel(env: Env): LogLevel {
  const wanted = LEVELS.find((level) => level === env['GT_LOG_LEVEL']);
  return wanted ?? ((env['GT_DEBUG'] ?? '') === '' ? 'silent' : 'debug');
}

/** Git is three ports in one object; each part is lazy by itself and all share one adapter. */
function lazyGit(env: Env, processes: Processes, dress: Dress): MachinePorts['git'] {
  let loading: Promise<MachinePorts['git']> | undefined;
  const load = (): Promise<MachinePorts['git']> =>
    (loading ??= import('./adapters/git.ts').then(({ createGit }) => createGit({ processes, env })));
  const part = <K extends keyof MachinePorts['git']>(name: K): MachinePorts['git'][K] =>
    dress(
      `git.${name}`,
      lazyPort<MachinePorts['git'][K]>(async () => (await load())[name]),
    );
  return {
    objects: part('objects'),
    remotes: part('remotes'),
    worktrees: part('worktrees'),
    snapshots: part('snapshots'),
  };
}
