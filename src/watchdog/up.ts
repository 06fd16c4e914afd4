import type { TownContext } from '../beads/context.ts';
import { RefusedError, messageOf } from '../core/errors.ts';
import type { AgentAddress } from '../core/address.ts';
import { readRigProperties } from '../rig/properties.ts';
import { followRigStatus } from '../rig/status.ts';
import { readRigs } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { targetOf } from '../sessions/target.ts';
import { readDoltAddress } from '../town/dolt-address.ts';
import { probeTools, refuseUnfit } from '../town/tools.ts';
import { readWanted, refineryWanted, rigClosed, setRigWanted, setTownWanted } from '../town/wanted.ts';
import { passByDaemon, startDaemon } from './daemon-control.ts';
import { restoreTown } from './restore/run.ts';
import { startStore } from './store-service.ts';
import { shuttingDownPid } from './shutting-down.ts';

/** One line of `gt up`. */
export interface UpService {
  readonly name: string;
  readonly type: 'store' | 'agent' | 'daemon' | 'refinery' | 'pass';
  readonly rig?: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Of an agent that does not run because nobody has asked for it: for programs, people need no line about it. */
export const ON_DEMAND = 'on demand';

export interface UpOptions {
  /** Bring back every agent that was at work, at once and in its conversation. */
  readonly restore?: boolean;
}

/**
 * Starts the town: wanted state first, then ledger, daemon with its merge engines, and one look that restarts the
 * sessions of held work. What fails is in the list; the rest goes on. RefusedError `town.shutting-down`;
 * ExternalError `tool.missing`, `tool.unfit`.
 */
export async function runUp(
  ctx: TownContext,
  { restore = false }: UpOptions = {},
): Promise<readonly UpService[]> {
  const stopping = await shuttingDownPid(ctx);
  if (stopping !== undefined) {
    throw new RefusedError({
      code: 'town.shutting-down',
      message: `gt down is at work (pid ${stopping})`,
      hint: 'Wait for it to end, then run: gt up',
    });
  }
  await refuseTools(ctx);
  await setTownWanted(ctx, 'up');
  const store = await tryService({ name: `ledger (${ctx.ports.store.kind})`, type: 'store' }, () =>
    startStore(ctx),
  );
  if (store.ok) await openParked(ctx);
  // Before the daemon, which would take so many deaths for a reason to wait.
  const agents = restore && store.ok ? await restoreServices(ctx) : [];
  // Without a ledger the daemon would only wait for one; it still starts, to restart the server when it can.
  const daemon = await tryService({ name: 'daemon', type: 'daemon' }, async () => {
    const { pid, how } = await startDaemon(ctx);
    return how === 'started' ? `started, pid ${pid}` : `runs already, pid ${pid}`;
  });
  const engines = daemon.ok ? await engineServices(ctx) : [];
  const pass = daemon.ok ? [await tryService({ name: 'held work', type: 'pass' }, () => onePass(ctx))] : [];
  return [store, ...agents, daemon, ...engines, ...pass, ...(await standingAgents(ctx, agents))];
}

/** Before anything starts: what then fails would take the work of agents with it. */
async function refuseTools(ctx: TownContext): Promise<void> {
  const { ports, env } = ctx;
  const needsDolt = ports.store.kind === 'dolt' && (await readDoltAddress(ctx)).isLocal;
  refuseUnfit(await probeTools(ports, env, { needsDolt }), { needsDolt });
}

/** Rigs whose `auto_start_on_up` says that parking ends with the next `gt up`. */
async function openParked(ctx: TownContext): Promise<void> {
  const { rigs } = await readRigs(ctx);
  const { wanted } = await followRigStatus(ctx, rigs);
  for (const rig of rigs.filter(({ name }) => rigClosed(wanted, name) !== undefined))
    if ((await readRigProperties(ctx, rig)).get('auto_start_on_up'))
      await setRigWanted(ctx, rig.name, wanted.closed[rig.name] === undefined ? undefined : 'up');
}

/** The agents that a town can have besides its workers; what of them is wanted up the pass has started. */
async function standingAgents(ctx: TownContext, known: readonly UpService[]): Promise<readonly UpService[]> {
  const { rigs } = await readRigs(ctx);
  const agents: readonly AgentAddress[] = [
    { role: 'mayor' },
    { role: 'deacon' },
    ...rigs.map(({ name }) => ({ role: 'witness', rig: name }) as const),
  ];
  const lines = await Promise.all(agents.map((agent) => standingAgent(ctx, agent)));
  return lines.filter(({ name, rig }) => !known.some((line) => line.name === name && line.rig === rig));
}

async function standingAgent(ctx: TownContext, agent: AgentAddress): Promise<UpService> {
  const { session } = await targetOf(ctx, agent);
  const isLive = (await ctx.ports.panes.observe(session)).kind === 'live';
  const rig = 'rig' in agent ? { rig: agent.rig } : {};
  const detail = isLive ? `runs, session ${session}` : ON_DEMAND;
  return { name: agent.role, type: 'agent', ...rig, ok: true, detail };
}

async function restoreServices(ctx: TownContext): Promise<readonly UpService[]> {
  try {
    return (await restoreTown(ctx)).map(({ agent, rig, ok, detail }) => {
      const place = rig === undefined ? { name: agent } : { name: agent.slice(rig.length + 1), rig };
      return { ...place, type: 'agent', ok, detail };
    });
  } catch (error) {
    return [{ name: 'agents', type: 'agent', ok: false, detail: messageOf(error) }];
  }
}

/** A service's line, whatever becomes of it. */
export async function tryService(
  service: Pick<UpService, 'name' | 'type' | 'rig'>,
  work: () => Promise<string>,
): Promise<UpService> {
  try {
    return { ...service, ok: true, detail: await work() };
  } catch (error) {
    return { ...service, ok: false, detail: messageOf(error) };
  }
}

async function onePass(ctx: TownContext): Promise<string> {
  if (await passByDaemon(ctx)) return 'looked after';
  throw new Error('the daemon did not answer');
}

/** The engines run inside the daemon; a line each says which. */
async function engineServices(ctx: TownContext): Promise<readonly UpService[]> {
  const [{ rigs, broken }, wanted] = await Promise.all([readRigs(ctx), readWanted(ctx)]);
  const lines = await Promise.all(
    rigs.map((rig) =>
      tryService({ name: 'refinery', type: 'refinery', rig: rig.name }, async () => {
        const closed = rigClosed(wanted, rig.name);
        if (closed !== undefined) return `${closed}, skipped`;
        if (!refineryWanted(wanted, rig.name)) return `stopped; start it: gt refinery start ${rig.name}`;
        const settings = await readRigSettings(ctx, rig);
        return settings.get('merge_queue.enabled') ? 'engine on' : 'switched off in its settings';
      }),
    ),
  );
  const damaged = broken.map(({ name, why }): UpService => ({
    name: 'refinery',
    type: 'refinery',
    rig: name,
    ok: false,
    detail: why,
  }));
  return [...lines, ...damaged];
}
