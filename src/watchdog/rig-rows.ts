import type { TownContext } from '../beads/context.ts';
import { sessionOf } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { listCrewFolders } from '../rig/crew-folders.ts';
import { readRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { readWanted, refineryWanted, rigClosed } from '../town/wanted.ts';
import type { RigClosed, Wanted } from '../town/wanted.ts';
import { readDaemonStatus } from './daemon-status.ts';

/** One line of `gt rig list`. */
export interface RigRow {
  readonly name: string;
  /** Bead prefix, '' when the rig cannot be read. */
  readonly prefix: string;
  readonly status: 'operational' | RigClosed | 'error';
  readonly witness: 'running' | 'stopped';
  readonly refinery: 'running' | 'stopped';
  readonly polecats: number;
  readonly crew: number;
  /** Why it is in error. */
  readonly why: string | undefined;
}

/** Rigs that work come first, then those that are parked or broken; by name. */
export async function listRigRows(ctx: TownContext): Promise<readonly RigRow[]> {
  const { rigs, broken } = await readRigs(ctx);
  const [wanted, daemon] = await Promise.all([readWanted(ctx), readDaemonStatus(ctx)]);
  const rows = await Promise.all(rigs.map((rig) => rowOf(ctx, rig, { wanted, daemon: daemon.running })));
  const errors = broken.map(({ name, why }): RigRow => ({
    name,
    prefix: '',
    status: 'error',
    witness: 'stopped',
    refinery: 'stopped',
    polecats: 0,
    crew: 0,
    why,
  }));
  return [...rows, ...errors].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function rank(row: RigRow): number {
  return { operational: 0, parked: 1, docked: 1, error: 2 }[row.status];
}

async function rowOf(
  ctx: TownContext,
  rig: Rig,
  facts: { readonly wanted: Wanted; readonly daemon: boolean },
): Promise<RigRow> {
  const settings = await readRigSettings(ctx, rig);
  const closed = rigClosed(facts.wanted, rig.name);
  // The daemon watches the workers of each rig that is not parked: that is what a witness is for.
  const watched = facts.daemon && facts.wanted.town === 'up' && closed === undefined;
  const engine = watched && refineryWanted(facts.wanted, rig.name) && settings.get('merge_queue.enabled');
  return {
    name: rig.name,
    prefix: rig.prefix,
    status: closed ?? 'operational',
    witness: watched || (await isLive(ctx, rig, { role: 'witness', rig: rig.name })) ? 'running' : 'stopped',
    refinery: engine ? 'running' : 'stopped',
    polecats: await countFolders(ctx, rig.paths.polecatsDir),
    crew: (await listCrewFolders(ctx, rig)).filter(({ kind }) => kind === 'clone').length,
    why: undefined,
  };
}

async function isLive(ctx: TownContext, rig: Rig, agent: AgentAddress): Promise<boolean> {
  return (await ctx.ports.panes.observe(sessionOf(agent, rig.prefix))).kind === 'live';
}

async function countFolders(ctx: TownContext, path: string): Promise<number> {
  const entries = (await ctx.ports.files.list(path)) ?? [];
  return entries.filter((entry) => entry.kind === 'dir' && !entry.name.startsWith('.')).length;
}
