import { ExternalError } from '../../src/core/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  ProcessIdentity,
  ProcessInfo,
  Processes,
  RunResult,
  RunSpec,
} from '../../src/ports/processes.ts';
import { familyOf } from '../../src/adapters/processes/tree.ts';

/** What a scripted program does. `hang` = runs until it is ended; `ignoresTerm` = only KILL ends it. */
export type ProgramEnd = {
  readonly stdout?: string;
  readonly stderr?: string;
} & (
  | { readonly code: number }
  | { readonly signal: string }
  | { readonly hang: true; readonly ignoresTerm?: boolean }
);

export type Program = (spec: RunSpec) => ProgramEnd | Promise<ProgramEnd>;

export interface NewProcess {
  readonly argv: readonly [string, ...string[]];
  readonly parent?: number;
  /** Group it is in; absent = it leads its own. */
  readonly group?: number;
  readonly ignoresTerm?: boolean;
  /** Of the run that it came from. */
  readonly mark?: string;
}

export interface FakeProcesses extends Processes {
  /** Teaches a program (found by its base name). Unknown programs do not start. */
  program(name: string, behaviour: Program): void;
  /** Puts a process on the table. */
  spawn(process: NewProcess): ProcessIdentity;
  /** It ends; its children hang below process 1. */
  end(pid: number): void;
  /** That process listens on a port; pid 0 = one we may not see. */
  listen(port: number, pid: number): void;
  /** Everything that was run or started, in order. */
  readonly calls: readonly (readonly string[])[];
  /** Signals that were sent, as `<pid> <signal>`. */
  readonly signals: readonly string[];
}

interface Row extends ProcessInfo {
  parent: number;
  readonly ignoresTerm: boolean;
  readonly mark: string | undefined;
  onEnd?: (signal: string) => void;
}

const SELF = 1000;

/** A scripted process table. Times (limits, grace) are those of the fake clock. */
export function createFakeProcesses(deps: { readonly clock: Clock }): FakeProcesses {
  const table = new Map<number, Row>();
  const programs = new Map<string, Program>();
  const ports = new Map<number, number>();
  const calls: (readonly string[])[] = [];
  const signals: string[] = [];
  let lastPid = SELF;

  const insert = (pid: number, process: NewProcess): Row => {
    const row: Row = {
      pid,
      start: `${pid}-${deps.clock.monotonic()}`,
      parent: process.parent ?? SELF,
      group: process.group ?? pid,
      session: 0,
      name: baseName(process.argv[0]),
      argv: process.argv,
      ignoresTerm: process.ignoresTerm ?? false,
      mark: process.mark,
    };
    table.set(pid, row);
    return row;
  };
  const spawn = (process: NewProcess): Row => {
    lastPid += 1;
    return insert(lastPid, process);
  };
  const end = (pid: number, signal = ''): void => {
    const row = table.get(pid);
    if (row === undefined) throw new Error(`fake processes: there is no process ${pid}`);
    table.delete(pid);
    for (const [port, owner] of ports) if (owner === pid) ports.delete(port);
    for (const child of table.values()) if (child.parent === pid) child.parent = 1;
    row.onEnd?.(signal);
  };
  const find = (identity: ProcessIdentity): Row | undefined => {
    const row = table.get(identity.pid);
    return row?.start === identity.start ? row : undefined;
  };
  const signal: Processes['signal'] = async (identity, name) => {
    const row = find(identity);
    if (row === undefined) return false;
    signals.push(`${row.pid} ${name}`);
    if (name === 'KILL' || (!row.ignoresTerm && (name === 'TERM' || name === 'INT' || name === 'HUP'))) {
      end(row.pid, `SIG${name}`);
    }
    return true;
  };

  const run = async (spec: RunSpec): Promise<RunResult> => {
    calls.push(spec.argv);
    const started = deps.clock.monotonic();
    const program = programs.get(baseName(spec.argv[0]));
    const ms = (): number => deps.clock.monotonic() - started;
    if (spec.signal?.aborted === true) return { stdout: '', stderr: '', ms: 0, end: 'aborted' };
    if (program === undefined) {
      return { stdout: '', stderr: '', ms: 0, end: 'not-started', why: `${spec.argv[0]}: no such program` };
    }
    const row = spawn({ argv: spec.argv });
    spec.onStart?.({ pid: row.pid, start: row.start });
    const did = await program(spec);
    const output = { stdout: did.stdout ?? '', stderr: did.stderr ?? '' };
    for (const text of [output.stdout, output.stderr]) if (text !== '') spec.onOutput?.(text);
    if ('code' in did) {
      table.delete(row.pid);
      return { ...output, ms: ms(), end: 'exit', code: did.code };
    }
    if ('signal' in did) {
      table.delete(row.pid);
      return { ...output, ms: ms(), end: 'signal', signal: did.signal };
    }
    const why = await hangUntilCut(spec, row);
    return { ...output, ms: ms(), ...why };
  };

  /** Until the limit, an abort, or a signal by somebody else. */
  const hangUntilCut = (
    spec: RunSpec,
    row: Row,
  ): Promise<{ end: 'timeout' } | { end: 'aborted' } | { end: 'signal'; signal: string }> =>
    new Promise((resolve) => {
      const cut = (reason: 'timeout' | 'aborted'): void => {
        if (!table.has(row.pid)) return;
        table.delete(row.pid);
        resolve({ end: reason });
      };
      if (spec.signal?.aborted === true) cut('aborted');
      row.onEnd = (name) => resolve({ end: 'signal', signal: name });
      spec.signal?.addEventListener('abort', () => cut('aborted'), { once: true });
      if (spec.timeoutMs !== undefined) void deps.clock.sleep(spec.timeoutMs).then(() => cut('timeout'));
    });

  const stopTree: Processes['stopTree'] = async (identity, graceMs, marked) => {
    const members = (): readonly ProcessInfo[] => {
      const all = [...table.values()];
      const known = marked === undefined ? [] : all.filter((row) => isMarked(row, marked));
      return familyOf(identity, known, all).filter((info) => info.pid !== SELF);
    };
    for (const info of members()) await signal(info, 'TERM');
    if (members().length > 0) await deps.clock.sleep(graceMs);
    for (const info of members()) await signal(info, 'KILL');
    return members().map(({ pid, start }) => ({ pid, start }));
  };

  insert(SELF, { argv: ['gt'], parent: 1 });
  return {
    calls,
    signals,
    program: (name, behaviour) => void programs.set(name, behaviour),
    spawn: (process) => identityOf(spawn(process)),
    end: (pid) => end(pid),
    listen: (port, pid) => void ports.set(port, pid),
    run,
    startDetached: async (spec) => {
      calls.push(spec.argv);
      if (!programs.has(baseName(spec.argv[0]))) {
        throw new ExternalError({
          code: 'process.not-started',
          message: `cannot start ${spec.argv[0]}: no such program`,
        });
      }
      const mark = spec.env['GT_RUN_MARK'];
      return identityOf(spawn({ argv: spec.argv, ...(mark === undefined ? {} : { mark: decodeURI(mark) }) }));
    },
    identify: async (pid) => {
      const row = table.get(pid);
      return row === undefined ? undefined : identityOf(row);
    },
    isAlive: async (identity) => find(identity) !== undefined,
    exists: (pid) => table.has(pid),
    list: async (marked) => [...table.values()].filter((row) => isMarked(row, marked)).map(infoOf),
    signal,
    stopTree,
    listenerOf: async (port) => {
      const pid = ports.get(port);
      return pid === undefined ? undefined : { pid };
    },
    which: async (program) => (programs.has(baseName(program)) ? `/bin/${baseName(program)}` : undefined),
    self: async () => identityOf(table.get(SELF)),
  };
}

function identityOf(row: ProcessIdentity | undefined): ProcessIdentity {
  if (row === undefined) throw new Error('fake processes: no such process');
  return { pid: row.pid, start: row.start };
}

function isMarked({ mark }: Row, wanted: string | undefined): boolean {
  return wanted === undefined || mark === wanted || mark?.startsWith(`${wanted}/`) === true;
}

function infoOf({ pid, start, parent, group, session, name, argv }: Row): ProcessInfo {
  return { pid, start, parent, group, session, name, argv };
}

function baseName(program: string): string {
  return program.split('/').at(-1) ?? program;
}
