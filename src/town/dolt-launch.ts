import { join } from 'node:path';
import type { DoltAnswer } from '../ports/dolt-probe.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import { doltConfigFile } from './dolt-address.ts';
import type { DoltAddress } from './dolt-address.ts';
import { findDolt } from './dolt-binary.ts';
import { DOLT_GLOBAL_CONFIG, doltServerEnv, readDoltTuning, renderDoltConfig } from './dolt-config.ts';
import { notInstalled, notReady } from './dolt-errors.ts';
import { gatherEvidence, listDatabasesOnDisk, sizeOnDisk } from './dolt-evidence.ts';
import type { DoltTown } from './dolt-evidence.ts';
import { judgeDolt } from './dolt-identity.ts';
import { writeDoltRecord } from './dolt-record.ts';

/** A server that is proven to be the town's. */
export interface DoltServer {
  readonly host: string;
  readonly port: number;
  /** undefined on another machine. */
  readonly process: ProcessIdentity | undefined;
  readonly databases: readonly string[];
  /** `started` by this call, `running` before it. */
  readonly how: 'started' | 'running';
}

const POLL_MS = 50;
const PROBE_MS = 5000;
const READY_BASE_MS = 15_000;
const READY_PER_DATABASE_MS = 5000;
const GIVE_UP_GRACE_MS = 5000;
const LOG_TAIL_LINES = 3;

/** Starts the server on a port that nobody holds and waits until it serves every database on disk. */
export async function launchDolt(town: DoltTown, address: DoltAddress): Promise<DoltServer> {
  const binary = await findDolt(town.ports.processes, town.env);
  if (binary === undefined) throw notInstalled();
  const dataDir = await prepareFolders(town, address);
  const onDisk = await listDatabasesOnDisk(town);
  const logFrom = (await town.ports.files.stat(town.paths.doltBinaryLog))?.size ?? 0;
  const child = await town.ports.processes.startDetached({
    argv: [binary, 'sql-server', '--config', doltConfigFile(town.paths)],
    // The process's own folder is one of the two proofs of whose server it is.
    cwd: dataDir,
    env: doltServerEnv(town.env, {
      home: doltHome(town),
      databases: onDisk.length,
      bytes: await sizeOnDisk(town, onDisk),
    }),
    logFile: town.paths.doltBinaryLog,
  });
  // Before it is ready: whoever comes after a crash of ours must find the process.
  await recordStart(town, child, { port: address.port, onDisk });
  const launch = { child, address, logFrom, onDisk };
  try {
    return await waitReady(town, launch);
  } catch (error) {
    await town.ports.processes.stopTree(child, GIVE_UP_GRACE_MS);
    throw error;
  }
}

interface Launch {
  readonly child: ProcessIdentity;
  readonly address: DoltAddress;
  /** Databases that it must serve. */
  readonly onDisk: readonly string[];
  /** Size of the log before the start. */
  readonly logFrom: number;
}

/** @returns the real path of the data folder */
async function prepareFolders(town: DoltTown, address: DoltAddress): Promise<string> {
  const { files } = town.ports;
  await files.makeDir(town.paths.doltDir, { mode: 0o700 });
  const dataDir = (await files.realPath(town.paths.doltDir)) ?? town.paths.doltDir;
  const config = renderDoltConfig({ dataDir, port: address.port, ...readDoltTuning(town.env) });
  await files.writeAtomic(doltConfigFile(town.paths), config, { mode: 0o600 });
  const settings = join(doltHome(town), '.dolt/config_global.json');
  if ((await files.stat(settings)) === undefined) await files.writeAtomic(settings, DOLT_GLOBAL_CONFIG);
  return dataDir;
}

function doltHome(town: DoltTown): string {
  return join(town.paths.runtimeDir, 'dolt-home');
}

async function recordStart(
  town: DoltTown,
  child: ProcessIdentity,
  facts: { readonly port: number; readonly onDisk: readonly string[] },
): Promise<void> {
  await writeDoltRecord(town.ports.files, town.paths, {
    running: true,
    ...child,
    port: facts.port,
    startedAt: new Date(town.ports.clock.now()).toISOString(),
    dataDir: town.paths.doltDir,
    databases: facts.onDisk,
  });
}

async function waitReady(town: DoltTown, launch: Launch): Promise<DoltServer> {
  const { clock, processes, doltProbe } = town.ports;
  const { onDisk } = launch;
  const { host, port } = launch.address;
  const deadline = clock.monotonic() + READY_BASE_MS + READY_PER_DATABASE_MS * onDisk.length;
  for (;;) {
    const answer = await doltProbe.ask(port, PROBE_MS);
    if (answer.kind === 'dolt' && servesAll(answer, onDisk)) {
      await confirmOwner(town, launch, answer);
      return { host, port, process: launch.child, databases: answer.facts.databases, how: 'started' };
    }
    if (!(await processes.isAlive(launch.child))) {
      throw notReady(`it ended: ${await logTail(town, launch.logFrom)}`, town.paths.doltBinaryLog);
    }
    if (clock.monotonic() >= deadline) {
      throw notReady(`no full answer in time (${describe(answer, onDisk)})`, town.paths.doltBinaryLog);
    }
    await clock.sleep(POLL_MS);
  }
}

function servesAll(answer: DoltAnswer & { readonly kind: 'dolt' }, onDisk: readonly string[]): boolean {
  return onDisk.every((name) => answer.facts.databases.includes(name));
}

/** Two starters may have raced for the port: the one that answers must be the one we started. */
async function confirmOwner(town: DoltTown, launch: Launch, answer: DoltAnswer): Promise<void> {
  const verdict = judgeDolt(await gatherEvidence(town, launch.address.port, answer));
  if (verdict.kind === 'ours' && verdict.identity.pid === launch.child.pid) return;
  throw notReady('another process answers on its port', town.paths.doltBinaryLog);
}

function describe(answer: DoltAnswer, onDisk: readonly string[]): string {
  if (answer.kind !== 'dolt') return answer.why;
  const missing = onDisk.filter((name) => !answer.facts.databases.includes(name));
  return `not served: ${missing.join(', ')}`;
}

async function logTail(town: DoltTown, from: number): Promise<string> {
  const text = (await town.ports.files.readText(town.paths.doltBinaryLog, from)) ?? '';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-LOG_TAIL_LINES).join(' | ') || 'it said nothing';
}
