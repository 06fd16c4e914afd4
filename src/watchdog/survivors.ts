import type { TownContext } from '../beads/context.ts';
import { readDoltRecord, recordedProcess } from '../town/dolt-record.ts';
import { doomedSessions } from './stop-everything.ts';

/** A process of this town that still lives. */
export interface Survivor {
  readonly pid: number;
  readonly what: string;
}

/** Everything of the town that runs now: agents and their hosts, the daemon, the Dolt server. */
export async function listSurvivors(ctx: TownContext): Promise<readonly Survivor[]> {
  const found = [
    ...(await sessionProcesses(ctx)),
    ...(await daemonProcess(ctx)),
    ...(await storeProcess(ctx)),
  ];
  return found.sort((a, b) => a.pid - b.pid);
}

async function sessionProcesses(ctx: TownContext): Promise<readonly Survivor[]> {
  const { panes, processes } = ctx.ports;
  const survivors: Survivor[] = [];
  for (const session of await doomedSessions(ctx)) {
    const seen = await panes.observe(session);
    // Cannot be read: it may live, and nobody can say with which pid.
    if (seen.kind === 'unreadable') survivors.push({ pid: 0, what: `session ${session}: ${seen.why}` });
    if (!('state' in seen)) continue;
    const { host, child } = seen.state;
    if (await processes.isAlive(host)) survivors.push({ pid: host.pid, what: `pane host of ${session}` });
    if (child !== undefined && (await processes.isAlive(child))) {
      survivors.push({ pid: child.pid, what: `agent of ${session}` });
    }
  }
  return survivors;
}

async function daemonProcess(ctx: TownContext): Promise<readonly Survivor[]> {
  const holder = await ctx.ports.locks.holder('daemon');
  return holder === undefined ? [] : [{ pid: holder.pid, what: 'daemon' }];
}

async function storeProcess(ctx: TownContext): Promise<readonly Survivor[]> {
  if (ctx.ports.store.kind === 'sqlite') return [];
  const server = recordedProcess(await readDoltRecord(ctx.ports.files, ctx.paths));
  if (server === undefined || !(await ctx.ports.processes.isAlive(server))) return [];
  return [{ pid: server.pid, what: 'Dolt server' }];
}
