import { isSameFolder } from './adapters/same-folder.ts';
import { createStandardStreams, type StandardStreams } from './adapters/standard-streams.ts';
import type { TownContext } from './beads/context.ts';
import { COLOURED, PLAIN, wantsColour } from './cli/style.ts';
import { bare, createMachine } from './machine.ts';
import type { Dress } from './machine.ts';
import { lazyPort } from './lazy-port.ts';
import type { MachinePorts } from './ports/index.ts';
import type { Locks } from './ports/locks.ts';
import { GT_ARGV } from './self.ts';
import type { Store } from './ports/store.ts';
import type { StorePlace } from './standalone-store.ts';
import { createStopWatch } from './stop-signal.ts';
import type { OpenTown } from './town-context.ts';

/** What a command handler gets: lazily built, once per process. Only this file reads process.env. */
export interface AppContext {
  readonly env: Readonly<Record<string, string>>;
  /** '' when the folder was deleted under us. */
  readonly cwd: string;
  readonly machine: MachinePorts;
  readonly output: Output;
  /** argv prefix that starts this gt again. */
  readonly gtArgv: readonly [string, ...string[]];
  /** The town around cwd (else GT_TOWN_ROOT, GT_ROOT). NotFoundError `town.not-found`, RefusedError `town.not-adopted`. */
  town(): Promise<TownContext>;
  /** A town by its root, e.g. right after install. RefusedError `town.not-adopted` unless `any` will do. */
  townAt(root: string, which?: 'adopted' | 'any'): Promise<TownContext>;
  /** A ledger that belongs to no town; closed with the process. */
  storeAt(place: StorePlace): Promise<Store>;
  /** Locks where no town is, as files of a folder. */
  locksAt(dir: string): Locks;
  /** Rigs that a list had to leave out so far, and why: said whatever comes of the command. */
  readonly leftOut: ReadonlyMap<string, string>;
  /** All of standard input as text. */
  stdin(): Promise<string>;
  /** Asks the person at the terminal for y or n; true where there is nobody to ask. */
  confirm(question: string): Promise<boolean>;
  /** Aborted by SIGINT and SIGTERM: long-running commands end then. */
  readonly stopSignal: AbortSignal;
}

export interface Output {
  readonly isTTY: boolean;
  /** Terminal columns, 80 when unknown. */
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  /** Raw text to stdout (streaming commands only; others return CommandReply.text). */
  write(text: string): void;
  /** One progress or warning line to stderr. */
  note(line: string): void;
}

/** Colours that vanish with NO_COLOR, CLICOLOR=0 or a non-terminal. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** The process's own side of the context: what main.ts needs beyond what handlers see. */
export interface AppHandle {
  readonly app: AppContext;
  /** 130 or 143 when the run was ended by a signal, else undefined. */
  readonly signalCode: () => number | undefined;
  /** Closes what was opened (databases). */
  readonly close: () => Promise<void>;
}

/** What a process knows of itself; tests bring their own. */
export interface ProcessFacts {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly streams: StandardStreams;
}

export function readProcessFacts(): ProcessFacts {
  const env = readEnv();
  return { env, cwd: currentFolder(env), streams: createStandardStreams() };
}

/**
 * The context of this process. Cheap: ports, packages and the town are loaded when first asked for.
 * @param dress what goes between gt and each of its ports, `git.objects` or `store`
 */
export function createAppContext({ env, cwd, streams }: ProcessFacts, dress: Dress = bare): AppHandle {
  const stop = createStopWatch();
  const towns = new Map<string, Promise<OpenTown>>();
  const stores: Promise<Store>[] = [];
  const machine = createMachine(env, dress);
  const leftOut = new Map<string, string>();
  const townAt: AppContext['townAt'] = async (root, which = 'adopted') => {
    const [{ openTown }, { notAdopted }] = await Promise.all([
      import('./town-context.ts'),
      import('./town/town-file.ts'),
    ]);
    const opening =
      towns.get(root) ??
      openTown({
        root,
        env,
        cwd,
        machine,
        dress,
        gtArgv: GT_ARGV,
        leftOut: ({ name, why }) => leftOut.set(name, why),
      });
    towns.set(root, opening);
    const { context, isAdopted } = await opening;
    if (!isAdopted && which === 'adopted') throw notAdopted(root);
    return context;
  };
  const app: AppContext = {
    env,
    cwd,
    machine,
    output: createOutput(streams, env),
    gtArgv: GT_ARGV,
    town: async () => {
      const { findTown } = await import('./town/find.ts');
      return townAt(await findTown({ files: machine.files, cwd, env }));
    },
    townAt,
    leftOut,
    locksAt: (dir) =>
      lazyPort(async () => {
        const { createLocks } = await import('./adapters/locks.ts');
        return createLocks({ dir, clock: machine.clock, processes: machine.processes });
      }),
    async storeAt(place) {
      const { openStandaloneStore } = await import('./standalone-store.ts');
      const opening = openStandaloneStore(place, machine.clock, env).then((store) => dress('store', store));
      stores.push(opening);
      return opening;
    },
    stdin: () => streams.readAll(),
    confirm: async (question) => (await import('./adapters/confirm.ts')).confirm(question),
    get stopSignal() {
      return stop.signal;
    },
  };
  return { app, signalCode: stop.exitCode, close: () => closeAll([...towns.values(), ...stores]) };
}

function readEnv(): Readonly<Record<string, string>> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** PWD keeps the symbolic links that the user came by; it counts only while it names the real folder. */
function currentFolder(env: Readonly<Record<string, string>>): string {
  try {
    const real = process.cwd();
    const shown = env['PWD'];
    return shown !== undefined && isSameFolder(shown, real) ? shown : real;
  } catch {
    return '';
  }
}

function createOutput(streams: StandardStreams, env: Readonly<Record<string, string>>): Output {
  return {
    isTTY: streams.isTTY,
    get columns() {
      return streams.columns;
    },
    get rows() {
      return streams.rows;
    },
    style: wantsColour(env, streams.isTTY) ? COLOURED : PLAIN,
    write: (text) => streams.writeOut(text),
    note: (line) => streams.writeError(`${line}\n`),
  };
}

async function closeAll(all: readonly Promise<{ close(): Promise<void> }>[]): Promise<void> {
  for (const opening of all) {
    const opened = await opening.catch(() => undefined);
    await opened?.close();
  }
}
