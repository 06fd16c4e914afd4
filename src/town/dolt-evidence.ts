import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { DoltAnswer } from '../ports/dolt-probe.ts';
import type { TownPorts } from '../ports/index.ts';
import type { DoltEvidence, PortHolder } from './dolt-identity.ts';
import type { TownPaths } from './layout.ts';

/** What looking at the server needs; every TownContext fits. */
export interface DoltTown {
  readonly paths: Pick<
    TownPaths,
    'doltDir' | 'daemonDir' | 'daemonConfigFile' | 'doltBinaryLog' | 'runtimeDir'
  >;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: Pick<TownPorts, 'files' | 'locks' | 'clock' | 'log' | 'processes' | 'doltProbe'>;
}

type LookingPorts = Pick<TownPorts, 'files' | 'processes'>;

const LSOF_MS = 5000;

/** @param answer what the server said over SQL */
export async function gatherEvidence(
  town: { readonly paths: Pick<TownPaths, 'doltDir'>; readonly ports: LookingPorts },
  port: number,
  answer: DoltAnswer,
): Promise<DoltEvidence> {
  const [holder, onDisk, realDir] = await Promise.all([
    findHolder(town.ports, port),
    listDatabasesOnDisk(town),
    town.ports.files.realPath(town.paths.doltDir),
  ]);
  return { dataDir: realDir ?? town.paths.doltDir, onDisk, holder, answer };
}

async function findHolder(ports: LookingPorts, port: number): Promise<PortHolder> {
  const listener = await ports.processes.listenerOf(port);
  if (listener === undefined) return { kind: 'nobody' };
  const identity = listener.pid === 0 ? undefined : await ports.processes.identify(listener.pid);
  if (identity === undefined) return { kind: 'hidden' };
  return { kind: 'process', identity, cwd: await readCwd(ports, listener.pid) };
}

/** Folders of the data folder that hold a database. Only looks: nothing under a `.dolt` is ever changed. */
export async function listDatabasesOnDisk(town: {
  readonly paths: Pick<TownPaths, 'doltDir'>;
  readonly ports: Pick<TownPorts, 'files'>;
}): Promise<readonly string[]> {
  const { files } = town.ports;
  const entries = (await files.list(town.paths.doltDir)) ?? [];
  const names = entries
    .filter((entry) => entry.kind === 'dir' && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  const marks = await Promise.all(names.map((name) => files.stat(join(town.paths.doltDir, name, '.dolt'))));
  return names.filter((_, index) => marks[index] !== undefined);
}

/** Bytes of the chunks of these databases; what cannot be read counts nothing. */
export async function sizeOnDisk(
  { paths, ports: { files } }: Parameters<typeof listDatabasesOnDisk>[0],
  databases: readonly string[],
): Promise<number> {
  const folders = databases.flatMap((name) =>
    ['.dolt/noms', '.dolt/noms/oldgen'].map((part) => join(paths.doltDir, name, part)),
  );
  const sizes = folders.map(async (folder) => {
    const entries = (await files.list(folder).catch(() => undefined)) ?? [];
    const stats = entries.map((entry) => files.stat(join(folder, entry.name)).catch(() => undefined));
    return (await Promise.all(stats)).reduce((sum, stat) => sum + (stat?.size ?? 0), 0);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The folder a process runs in; undefined when it was deleted or may not be read. */
export async function readCwd(ports: LookingPorts, pid: number): Promise<string | undefined> {
  try {
    if ((await ports.files.stat('/proc/self')) !== undefined) {
      return await ports.files.realPath(`/proc/${pid}/cwd`);
    }
  } catch {
    return undefined;
  }
  const result = await ports.processes.run({
    argv: ['lsof', '-a', '-p', String(pid), '-d', 'cwd', '-Fn'],
    env: { PATH: '/usr/sbin:/usr/bin:/bin' },
    timeoutMs: LSOF_MS,
  });
  const path = /^n(\/.*)$/m.exec(result.stdout)?.[1];
  return path === undefined ? undefined : ports.files.realPath(path);
}

/** The holder of a port in words for people: pid, command, folder, and what it said over SQL. */
export async function describeHolder(ports: LookingPorts, evidence: DoltEvidence): Promise<string> {
  const { holder, answer } = evidence;
  if (holder.kind !== 'process') return 'a process of another user';
  const { pid } = holder.identity;
  const dataDir = answer.kind === 'dolt' ? answer.facts.dataDir || 'not told' : 'none';
  return `pid ${pid} (${await commandOf(ports, pid)}), cwd ${holder.cwd ?? 'deleted or unreadable'}, data dir ${dataDir}`;
}

async function commandOf(ports: LookingPorts, pid: number): Promise<string> {
  try {
    const found = (await ports.processes.list()).find((process) => process.pid === pid);
    return found?.argv.join(' ').slice(0, 120) || (found?.name ?? 'unknown');
  } catch (error) {
    return messageOf(error);
  }
}
