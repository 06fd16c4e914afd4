import { BugError, ExternalError, messageOf } from '../core/errors.ts';
import type { ProcessIdentity, Processes } from '../ports/processes.ts';
import { createClock } from './clock.ts';
import { startDetached } from './processes/detach.ts';
import { createLinuxTable } from './processes/linux-table.ts';
import { linuxListenerOf, posixListenerOf } from './processes/listener.ts';
import { listMarked } from './processes/mark.ts';
import { createPsTable } from './processes/ps-table.ts';
import { runChild } from './processes/run.ts';
import { stopTree } from './processes/stop-tree.ts';
import type { TreeTools } from './processes/stop-tree.ts';
import { which } from './processes/which.ts';

type SignalName = Parameters<Processes['signal']>[1];

/** The machine's processes: facts from /proc on Linux, else from `ps` and `lsof`. */
export function createProcesses(platform: NodeJS.Platform = process.platform): Processes {
  const table = platform === 'linux' ? createLinuxTable() : createPsTable();
  const isAlive = async (identity: ProcessIdentity): Promise<boolean> =>
    (await table.identify(identity.pid))?.start === identity.start;
  const signal = async (identity: ProcessIdentity, name: SignalName): Promise<boolean> =>
    (await isAlive(identity)) && send(identity.pid, name);
  const clock = createClock();
  return {
    run: (spec) => runChild(spec, table),
    startDetached: (spec) => startDetached(spec, table),
    identify: (pid) => table.identify(pid),
    isAlive,
    exists,
    list: (marked) => (marked === undefined ? table.list() : listMarked(table, marked)),
    signal,
    stopTree: async (identity, graceMs, mark) => {
      if (!table.isOfThisBoot(identity)) return [];
      const marked: TreeTools['marked'] = async () => (mark === undefined ? [] : listMarked(table, mark));
      return stopTree(identity, graceMs, { list: () => table.list(), marked, signal, clock });
    },
    listenerOf: platform === 'linux' ? linuxListenerOf : posixListenerOf,
    which,
    self: async () => {
      const identity = await table.identify(process.pid);
      if (identity !== undefined) return identity;
      throw new BugError({ code: 'bug.no-self', message: 'this process is not in the process table' });
    },
  };
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process exists too.
    return !isNoProcess(error);
  }
}

function isNoProcess(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}

function send(pid: number, name: SignalName): boolean {
  try {
    return process.kill(pid, `SIG${name}`);
  } catch (error) {
    if (isNoProcess(error)) return false;
    throw new ExternalError({
      code: 'process.not-permitted',
      message: `cannot signal process ${pid}: ${messageOf(error)}`,
      cause: error,
    });
  }
}
