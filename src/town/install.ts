import { join } from 'node:path';
import type { MachinePorts } from '../ports/index.ts';
import type { Processes } from '../ports/processes.ts';
import { isLocalDolt } from './dolt-address.ts';
import { lookForTown } from './find.ts';
import {
  INSTALLING_MARKER,
  planInstall,
  type InstallAction,
  type InstallFacts,
  type InstallPlan,
  type InstallRequest,
  type PortHolder,
} from './install-plan.ts';
import { probeTools, readGitIdentity } from './tools.ts';

export interface Installer {
  readonly ports: MachinePorts;
  readonly env: Readonly<Record<string, string>>;
  /** Starts the store of the new town and makes its ledger; may run again on a town that has one. */
  readonly makeLedger: (root: string) => Promise<void>;
  /** `later`: without a ledger; the town stays unfinished, and the same command makes it. */
  readonly ledger: 'now' | 'later';
}

/**
 * Makes a town, or finishes one whose install was interrupted. Everything is checked before the first write; what
 * exists stays as it is. ExternalError `tool.missing`, `tool.unfit`, RefusedError `install.*`.
 */
export async function installTown(installer: Installer, request: InstallRequest): Promise<InstallPlan> {
  const plan = planInstall(request, await readInstallFacts(installer, request));
  for (const action of plan.actions) await make(installer.ports, action);
  if (installer.ledger === 'later') return plan;
  await installer.makeLedger(plan.root);
  await installer.ports.files.remove(join(plan.root, INSTALLING_MARKER));
  return plan;
}

async function readInstallFacts(
  { ports, env }: Installer,
  { root, store, dolt }: InstallRequest,
): Promise<InstallFacts> {
  const { files, processes, clock } = ports;
  const needsDolt = store === 'dolt' && isLocalDolt(dolt.host);
  const tools = await probeTools(ports, env, { needsDolt });
  const stat = await files.stat((await files.realPath(root)) ?? root);
  const human =
    tools.git.state === 'missing' ? { name: '', email: '' } : await readGitIdentity(processes, env);
  const unfinished = (await files.stat(join(root, INSTALLING_MARKER))) !== undefined;
  return {
    tools,
    townAround: await lookForTown({ files, cwd: root, env: {} }),
    unfinished,
    target: stat === undefined ? 'absent' : stat.kind === 'dir' ? 'folder' : 'other',
    human: { ...human, username: env['USER'] ?? env['LOGNAME'] ?? '' },
    now: new Date(clock.now()).toISOString(),
    // A resumed install meets its own server there.
    portHolder:
      store === 'dolt' && !unfinished && isLocalDolt(dolt.host)
        ? await findPortHolder(processes, dolt.port)
        : undefined,
  };
}

async function findPortHolder(processes: Processes, port: number): Promise<PortHolder | undefined> {
  const holder = await processes.listenerOf(port);
  if (holder === undefined) return undefined;
  const { name: program } = (await processes.list()).find(({ pid }) => pid === holder.pid) ?? {};
  let free = port + 1;
  while ((await processes.listenerOf(free)) !== undefined) free += 1;
  return { pid: holder.pid, free, ...(program === undefined ? {} : { program }) };
}

async function make({ files }: MachinePorts, action: InstallAction): Promise<void> {
  if ((await files.stat(action.path)) !== undefined) return;
  switch (action.kind) {
    case 'folder':
      return files.makeDir(action.path, { mode: action.mode });
    case 'file':
      return files.writeAtomic(action.path, action.content, { mode: action.mode });
    case 'link':
      return files.link(action.path, action.target);
  }
}
