import { join } from 'node:path';
import * as z from 'zod/mini';
import { listAgentRows } from '../../beads/forms/agent-row.ts';
import type { AgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { WorkerName } from '../../core/names.ts';
import { NO_WORK, readAllWork } from '../../hooks/held-work.ts';
import type { AgentWork } from '../../hooks/held-work.ts';
import { listCrewFolders } from '../../rig/crew-folders.ts';
import type { Rig } from '../../rig/registry.ts';
import { readRigSettings } from '../../rig/settings.ts';
import { readJsonFile } from '../../town/json-file.ts';
import { readTownSettings } from '../../town/settings.ts';
import type { NamePool, UsedNames } from '../name-pool.ts';
import { readNamePool } from '../read-name-pool.ts';
import { isSelfReportedStuck } from '../../beads/forms/agent-row.ts';

/** All workers of a rig as `reserveWorker` sees them; read under the rig's pool lock. */
export interface Pool {
  readonly rows: ReadonlyMap<string, AgentRow>;
  readonly work: ReadonlyMap<string, AgentWork>;
  /** Names with a folder. */
  readonly folders: ReadonlySet<string>;
  /** Names that a crew workspace has: they would share a mailbox. */
  readonly crew: ReadonlySet<string>;
  /** Names somebody is just taking. */
  readonly pending: ReadonlySet<string>;
  readonly names: NamePool;
}

/** Mark of a name that somebody is just taking. */
export function pendingFile(rig: Rig, worker: string): string {
  return join(rig.paths.runtimeDir, `${worker}.pending`);
}

export async function readPool(ctx: TownContext, rig: Rig): Promise<Pool> {
  const ledger = await ctx.ledgers.open(rig.database);
  const settings = await readRigSettings(ctx, rig);
  const [rows, work, folders, crew, pending, names] = await Promise.all([
    listAgentRows(ledger),
    readAllWork(ledger),
    ctx.ports.files.list(rig.paths.polecatsDir),
    listCrewFolders(ctx, rig),
    readPending(ctx, rig),
    readNamePool(ctx, settings),
  ]);
  const polecats = rows.flatMap((row) =>
    row.address.role === 'polecat' && row.address.rig === rig.name ? [[row.address.name, row] as const] : [],
  );
  return {
    rows: new Map(polecats),
    work,
    folders: new Set((folders ?? []).filter(isWorkerFolder).map((entry) => entry.name)),
    crew: new Set(crew.filter(({ kind }) => kind !== 'worktree').map(({ name }) => name)),
    pending,
    names,
  };
}

/** `.claude` and the like lie beside the workers. */
function isWorkerFolder(entry: { readonly name: string; readonly kind: string }): boolean {
  return entry.kind === 'dir' && !entry.name.startsWith('.');
}

const pendingSchema = z.object({ at: z.string() });

async function readPending(ctx: TownContext, rig: Rig): Promise<ReadonlySet<string>> {
  const all = await readReservations(ctx, rig);
  return new Set(all.filter(({ isFresh }) => isFresh).map(({ name }) => name));
}

/** Names that somebody was taking and did not, with the files that say so. */
export async function stalePending(ctx: TownContext, rig: Rig): Promise<readonly string[]> {
  const all = await readReservations(ctx, rig);
  return all.filter(({ isFresh }) => !isFresh).map(({ name }) => name);
}

async function readReservations(ctx: TownContext, rig: Rig) {
  const { files, clock } = ctx.ports;
  const maxAge = (await readTownSettings(ctx)).get('operational.polecat.pending_max_age');
  const marks = ((await files.list(rig.paths.runtimeDir)) ?? []).filter(({ name }) =>
    name.endsWith('.pending'),
  );
  return Promise.all(
    marks.map(async ({ name }) => {
      const parsed = pendingSchema.safeParse(await readJsonFile(files, join(rig.paths.runtimeDir, name)));
      // Its clock may have run ahead of ours.
      const at = parsed.success ? Date.parse(parsed.data.at) : Number.NaN;
      return { name: name.slice(0, -'.pending'.length), isFresh: Math.abs(clock.now() - at) < maxAge };
    }),
  );
}

/** Workers that hold nothing and may be used again; one that reported itself stuck never is. */
export function idleNames(pool: Pool): readonly WorkerName[] {
  return [...pool.rows.values()].flatMap((row) => {
    const { address, agentState } = row;
    if (address.role !== 'polecat' || pool.pending.has(address.name)) return [];
    const free = agentState !== 'nuked' && !isSelfReportedStuck(agentState) && heldBy(pool, row).length === 0;
    return free ? [address.name] : [];
  });
}

export function heldBy(pool: Pool, row: AgentRow): AgentWork['held'] {
  return (pool.work.get(formatAddress(row.address)) ?? NO_WORK).held;
}

/** What `firstFreeName` must know. */
export function usedNames(pool: Pool): UsedNames {
  const taken = new Set([...polecatNames(pool), ...pool.crew]);
  return { taken, ever: new Set([...taken, ...pool.rows.keys()]) };
}

/** Names of polecats that are there, or just being taken. */
export function polecatNames(pool: Pool): ReadonlySet<string> {
  const alive = [...pool.rows].filter(([, row]) => row.agentState !== 'nuked').map(([name]) => name);
  return new Set([...alive, ...pool.folders, ...pool.pending]);
}
