import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { AgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import { parseWorkerName } from '../../core/names.ts';
import type { WorkerName } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';
import { readPool, usedNames } from '../dispatch/pool.ts';
import type { Pool } from '../dispatch/pool.ts';
import { isCrew } from '../dispatch/reserve.ts';
import { firstFreeName } from '../name-pool.ts';

const WAIT_MS = 60_000;

/**
 * The row of a worker that has no worktree yet; the next free name when none is given. Its worktree is made by the first
 * dispatch. RefusedError `polecat.exists`, `polecat.is-crew`.
 */
export async function addIdentity(ctx: TownContext, rig: Rig, wanted: string | undefined): Promise<AgentRow> {
  await using _lock = await lockPool(ctx, rig, 'identity add');
  const pool = await readPool(ctx, rig);
  const name = wanted === undefined ? firstFreeName(pool.names, usedNames(pool)) : parseWorkerName(wanted);
  refuseTaken(rig, name, pool);
  const address = { role: 'polecat', rig: rig.name, name } as const;
  const ledger = await ctx.ledgers.open(rig.database);
  return await ledger.transaction(formatAddress(ctx.actor), (tx) =>
    writeAgentRow(tx, address, rig.prefix, { agentState: 'idle' }),
  );
}

/** Names of a rig are given out one at a time. */
export function lockPool(ctx: TownContext, rig: Rig, purpose: string): Promise<AsyncDisposable> {
  return ctx.ports.locks.acquire(`pool-${rig.name}`, { waitMs: WAIT_MS, purpose: `${purpose} ${rig.name}` });
}

export function refuseTaken(rig: Rig, name: WorkerName, pool: Pool): void {
  if (pool.crew.has(name)) throw isCrew(rig, name);
  if (!usedNames(pool).taken.has(name)) return;
  throw new RefusedError({
    code: 'polecat.exists',
    message: `${rig.name} has a polecat '${name}' already`,
    hint: `Run: gt polecat status ${rig.name}/${name}`,
  });
}
