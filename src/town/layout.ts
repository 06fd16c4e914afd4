import { join } from 'node:path';
import type { RigName, SessionName, WorkerName } from '../core/names.ts';

/** Every path of a town, in one place (spec 01 §2). Pure: nothing here touches the disk. */
export interface TownPaths {
  readonly root: string;
  readonly townFile: string;
  readonly rigsFile: string;
  readonly overseerFile: string;
  readonly accountsFile: string;
  readonly daemonConfigFile: string;
  readonly settingsFile: string;
  readonly agentsFile: string;
  readonly escalationFile: string;
  readonly eventsFile: string;
  readonly townLog: string;
  readonly routesFile: string;
  readonly beadsDir: string;
  readonly storeDir: string;
  readonly doltDir: string;
  readonly doltBinaryLog: string;
  readonly runtimeDir: string;
  readonly locksDir: string;
  readonly panesDir: string;
  readonly recordingsDir: string;
  readonly heartbeatsDir: string;
  readonly nudgeDir: string;
  readonly barsFile: string;
  readonly channelsDir: string;
  readonly daemonDir: string;
  readonly daemonLog: string;
  readonly daemonState: string;
  readonly daemonPid: string;
  readonly daemonSocket: string;
  readonly wantedFile: string;
  readonly shuttingDown: string;
  readonly attemptsFile: string;
}

export function townPaths(root: string): TownPaths {
  const runtimeDir = join(root, '.runtime');
  const daemonDir = join(root, 'daemon');
  return {
    root,
    townFile: join(root, 'mayor/town.json'),
    rigsFile: join(root, 'mayor/rigs.json'),
    overseerFile: join(root, 'mayor/overseer.json'),
    accountsFile: join(root, 'mayor/accounts.json'),
    daemonConfigFile: join(root, 'mayor/daemon.json'),
    settingsFile: join(root, 'settings/config.json'),
    agentsFile: join(root, 'settings/agents.json'),
    escalationFile: join(root, 'settings/escalation.json'),
    eventsFile: join(root, '.events.jsonl'),
    townLog: join(root, 'logs/town.log'),
    routesFile: join(root, '.beads/routes.jsonl'),
    beadsDir: join(root, '.beads'),
    storeDir: join(root, '.store'),
    doltDir: join(root, '.dolt-data'),
    doltBinaryLog: join(daemonDir, 'dolt.log'),
    runtimeDir,
    locksDir: join(runtimeDir, 'locks'),
    panesDir: join(runtimeDir, 'panes'),
    recordingsDir: join(runtimeDir, 'recordings'),
    heartbeatsDir: join(runtimeDir, 'heartbeats'),
    nudgeDir: join(runtimeDir, 'nudge_queue'),
    barsFile: join(runtimeDir, 'status-bars'),
    channelsDir: join(root, 'events'),
    daemonDir,
    daemonLog: join(daemonDir, 'daemon.log'),
    daemonState: join(daemonDir, 'state.json'),
    daemonPid: join(daemonDir, 'daemon.pid'),
    daemonSocket: join(runtimeDir, 'daemon.sock'),
    wantedFile: join(daemonDir, 'wanted.json'),
    shuttingDown: join(daemonDir, 'shutting-down'),
    attemptsFile: join(root, 'witness/bead-respawn-counts.json'),
  };
}

/** Every path of one rig. `bare` is the repository all worktrees of polecats and refinery share. */
export interface RigPaths {
  readonly root: string;
  readonly configFile: string;
  readonly settingsFile: string;
  readonly agentsFile: string;
  readonly bare: string;
  /** Bare copy made by `rig add --mirror`; then it is the rig's origin. */
  readonly mirror: string;
  readonly mayorClone: string;
  readonly refineryWorktree: string;
  readonly polecatsDir: string;
  readonly crewDir: string;
  readonly beadsDir: string;
  readonly runtimeDir: string;
  readonly gateDir: string;
  readonly overlayDir: string;
  readonly setupHooksDir: string;
}

export function rigPaths(townRoot: string, rig: RigName): RigPaths {
  const root = join(townRoot, rig);
  return {
    root,
    configFile: join(root, 'config.json'),
    settingsFile: join(root, 'settings/config.json'),
    agentsFile: join(root, 'settings/agents.json'),
    bare: join(root, '.repo.git'),
    mirror: join(root, '.origin.git'),
    mayorClone: join(root, 'mayor/rig'),
    refineryWorktree: join(root, 'refinery/rig'),
    polecatsDir: join(root, 'polecats'),
    crewDir: join(root, 'crew'),
    beadsDir: join(root, '.beads'),
    runtimeDir: join(root, '.runtime'),
    gateDir: join(root, '.runtime/mq'),
    overlayDir: join(root, '.runtime/overlay'),
    setupHooksDir: join(root, '.runtime/setup-hooks'),
  };
}

/** A polecat's folder (`.gt-agent` lives here) and, inside it, its worktree. */
export function polecatPaths(townRoot: string, rig: RigName, name: WorkerName) {
  const home = join(rigPaths(townRoot, rig).polecatsDir, name);
  return { home, worktree: join(home, rig), identityFile: join(home, '.gt-agent') };
}

export function panePaths(town: TownPaths, session: SessionName) {
  const base = join(town.panesDir, session);
  return { start: `${base}.start.json`, state: `${base}.state.json`, socket: `${base}.sock` };
}
