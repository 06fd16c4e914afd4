import { unreachable } from '../core/errors.ts';
import type { DoltServerFacts } from '../ports/dolt-probe.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import { readDoltAddress, readWantedDoltAddress } from './dolt-address.ts';
import type { DoltAddress } from './dolt-address.ts';
import { muteError, notStopped, squatterError } from './dolt-errors.ts';
import { describeHolder, gatherEvidence, listDatabasesOnDisk, readCwd } from './dolt-evidence.ts';
import type { DoltTown } from './dolt-evidence.ts';
import { judgeDolt } from './dolt-identity.ts';
import { launchDolt } from './dolt-launch.ts';
import type { DoltServer } from './dolt-launch.ts';
import { markDoltStopped, readDoltRecord, recordedProcess, writeDoltRecord } from './dolt-record.ts';

export type { DoltTown } from './dolt-evidence.ts';
export type { DoltServer } from './dolt-launch.ts';

export type DoltStatus =
  | { readonly state: 'running'; readonly server: DoltServer }
  | { readonly state: 'stopped'; readonly port: number }
  /** Our process holds the port without answering, or has not opened it yet. */
  | { readonly state: 'mute'; readonly port: number; readonly process: ProcessIdentity; readonly why: string }
  /** Somebody else holds the port; never adopted, never killed. */
  | { readonly state: 'squatter'; readonly port: number; readonly holder: string; readonly why: string }
  /** On another machine: used, never started, proven or stopped from here. */
  | { readonly state: 'remote'; readonly host: string; readonly port: number };

/** What the proof needs of a town: no lock, no probe of its own. */
export type ProvingTown = Pick<DoltTown, 'paths' | 'env'> & {
  readonly ports: Pick<DoltTown['ports'], 'files' | 'processes'>;
};

const PROBE_MS = 5000;
const STOP_GRACE_MS = 30_000;
const SETTLE_MS = 10_000;
const POLL_MS = 100;

/** Looks at the server without changing anything. */
export async function readDoltStatus(town: DoltTown): Promise<DoltStatus> {
  return lookAt(town, await readDoltAddress(town));
}

/**
 * The town's running server: the one that is there when both proofs hold, else a new one, detached so that it
 * outlives us; a remote one is left to itself. Idempotent. Throws RefusedError `dolt.squatter`, UnavailableError
 * `dolt.mute`, NotFoundError `dolt.not-installed`, ExternalError `dolt.not-ready`.
 */
export async function startDolt(town: DoltTown): Promise<DoltServer> {
  // Every return below awaits: the lock goes when the function does, not when its promise settles.
  await using _lock = await lockDolt(town, 'start the Dolt server');
  const running = await whenSettled(town);
  if (running.state !== 'stopped') return await adopt(town, running);
  const wanted = await readWantedDoltAddress(town);
  const there = wanted.port === running.port ? running : await lookAt(town, wanted);
  if (there.state !== 'stopped') return await adopt(town, there);
  const server = await launchDolt(town, wanted);
  await remember(town, server);
  return server;
}

/**
 * Ends the town's server: TERM, 30 s, KILL. Only a proven one, and never another's (`dolt.squatter`).
 * @returns the process that was ended, or undefined when none ran
 */
export async function stopDolt(town: DoltTown): Promise<ProcessIdentity | undefined> {
  await using _lock = await lockDolt(town, 'stop the Dolt server');
  const ours = await stoppable(town, await readDoltStatus(town));
  if (ours === undefined) return undefined;
  const left = await town.ports.processes.stopTree(ours, STOP_GRACE_MS);
  if (left.some((process) => process.pid === ours.pid)) throw notStopped(ours.pid);
  await markDoltStopped(town.ports.files, town.paths);
  return ours;
}

/**
 * The proof that the store asks for before its first statement: the server says it serves our data (`facts`) and
 * its process runs in our data folder. Throws RefusedError `dolt.squatter`. A remote server cannot be proven.
 */
export async function proveDolt(town: ProvingTown, facts: DoltServerFacts): Promise<void> {
  const address = await readDoltAddress(town);
  if (!address.isLocal || (await isRecordedServer(town, facts))) return;
  const evidence = await gatherEvidence(town, address.port, { kind: 'dolt', facts });
  const verdict = judgeDolt(evidence);
  if (verdict.kind === 'ours') return;
  const why = verdict.kind === 'nobody' ? 'its process is gone' : verdict.why;
  throw squatterError(address.port, await describeHolder(town.ports, evidence), why);
}

/**
 * The same two facts, 15 ms cheaper than looking for the owner of the port: it says it serves our data, and the
 * process that we recorded still runs in our data folder (dolt lets one server only into a folder).
 */
async function isRecordedServer(town: ProvingTown, facts: DoltServerFacts): Promise<boolean> {
  const { files, processes } = town.ports;
  const dataDir = await files.realPath(town.paths.doltDir);
  if (dataDir === undefined || facts.dataDir !== dataDir) return false;
  const recorded = recordedProcess(await readDoltRecord(files, town.paths));
  if (recorded === undefined || !(await processes.isAlive(recorded))) return false;
  return (await readCwd(town.ports, recorded.pid)) === dataDir;
}

async function lookAt(town: DoltTown, address: DoltAddress): Promise<DoltStatus> {
  const { host, port } = address;
  if (!address.isLocal) return { state: 'remote', host, port };
  const evidence = await gatherEvidence(town, port, await town.ports.doltProbe.ask(port, PROBE_MS));
  const verdict = judgeDolt(evidence);
  switch (verdict.kind) {
    case 'nobody':
      return (await stillStarting(town, port)) ?? { state: 'stopped', port };
    case 'ours': {
      const { identity, databases } = verdict;
      return { state: 'running', server: { host, port, process: identity, databases, how: 'running' } };
    }
    case 'mute':
      return { state: 'mute', port, process: verdict.identity, why: verdict.why };
    case 'squatter':
      return {
        state: 'squatter',
        port,
        holder: await describeHolder(town.ports, evidence),
        why: verdict.why,
      };
    default:
      return unreachable(verdict, 'dolt verdict');
  }
}

/** A starter that was killed leaves a server on its way up: it is waited for, not taken for broken. */
async function whenSettled(town: DoltTown): Promise<DoltStatus> {
  const { clock } = town.ports;
  const deadline = clock.monotonic() + SETTLE_MS;
  for (;;) {
    const status = await readDoltStatus(town);
    if (status.state !== 'mute' || clock.monotonic() >= deadline) return status;
    await clock.sleep(POLL_MS);
  }
}

/** A server of ours lives but has not opened its port yet (or no longer: it is ending). */
async function stillStarting(town: DoltTown, port: number): Promise<DoltStatus | undefined> {
  const recorded = recordedProcess(await readDoltRecord(town.ports.files, town.paths));
  if (recorded === undefined || !(await town.ports.processes.isAlive(recorded))) return undefined;
  return { state: 'mute', port, process: recorded, why: 'it has not opened its port' };
}

async function adopt(
  town: DoltTown,
  status: Exclude<DoltStatus, { readonly state: 'stopped' }>,
): Promise<DoltServer> {
  switch (status.state) {
    case 'running':
      await remember(town, status.server);
      return status.server;
    case 'mute':
      throw muteError(status.port, status.process.pid, status.why);
    case 'squatter':
      throw squatterError(status.port, status.holder, status.why);
    case 'remote':
      return { host: status.host, port: status.port, process: undefined, databases: [], how: 'running' };
    default:
      return unreachable(status, 'dolt status');
  }
}

/** Which process may be ended: a mute one only when our own record names exactly it. */
async function stoppable(town: DoltTown, status: DoltStatus): Promise<ProcessIdentity | undefined> {
  switch (status.state) {
    case 'running':
      return status.server.process;
    case 'stopped':
    case 'remote':
      return undefined;
    case 'mute': {
      const recorded = recordedProcess(await readDoltRecord(town.ports.files, town.paths));
      const isRecorded = recorded?.pid === status.process.pid && recorded.start === status.process.start;
      if (!isRecorded) throw squatterError(status.port, `pid ${status.process.pid}`, status.why);
      return status.process;
    }
    case 'squatter':
      throw squatterError(status.port, status.holder, status.why);
    default:
      return unreachable(status, 'dolt status');
  }
}

/** Keeps the time of the start when the record already speaks of this process. */
async function remember(town: DoltTown, server: DoltServer): Promise<void> {
  if (server.process === undefined) return;
  const { files, clock } = town.ports;
  const before = await readDoltRecord(files, town.paths);
  const isKnown = before?.pid === server.process.pid && before.start === server.process.start;
  await writeDoltRecord(files, town.paths, {
    running: true,
    ...server.process,
    port: server.port,
    startedAt: isKnown ? before.startedAt : new Date(clock.now()).toISOString(),
    dataDir: town.paths.doltDir,
    databases: server.databases,
  });
}

/** A start may take 5 s for each database; whoever waits for it waits as long. */
async function lockDolt(town: DoltTown, purpose: string): Promise<AsyncDisposable> {
  const databases = await listDatabasesOnDisk(town);
  const waitMs = Math.min(120_000, Math.max(15_000, databases.length * 5000));
  return town.ports.locks.acquire('dolt', { waitMs, purpose });
}
