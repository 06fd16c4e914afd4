import { agentBeadIdOf, addressForms, formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { TownContext } from '../../beads/context.ts';
import type { LedgerTx } from '../../beads/types.ts';
import { RefusedError } from '../../core/errors.ts';
import type { WorkerName } from '../../core/names.ts';
import { moveHome } from '../../hooks/move-home.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import type { Rig } from '../../rig/registry.ts';
import { emitEvent } from '../../town/events.ts';
import { readPool } from '../dispatch/pool.ts';
import type { Pool } from '../dispatch/pool.ts';
import { polecatNamed } from '../list.ts';
import type { PolecatView } from '../list.ts';
import { lockPool, refuseTaken } from './add.ts';
import { hasIdentity, noIdentity } from './remove.ts';

export interface RenameReport {
  /** Beads whose assignee is the new name now. */
  readonly beads: number;
  /** Rescue refs written because a worktree with submodules had to go instead of moving. */
  readonly rescued: readonly string[];
}

/**
 * Gives an idle worker another name: row with its whole history, the beads it has done, worktree. Can be run again
 * after a kill. RefusedError `polecat.busy`, `polecat.exists`, `polecat.is-crew`; NotFoundError `polecat.no-identity`.
 */
export async function renameIdentity(
  ctx: TownContext,
  rig: Rig,
  { from, to }: { readonly from: string; readonly to: WorkerName },
): Promise<RenameReport> {
  await using _pool = await lockPool(ctx, rig, `identity rename ${from}`);
  const view = await polecatNamed(ctx, rig, from);
  const pool = await readPool(ctx, rig);
  // Killed between row and folder: the row has its new name, the folder waits.
  const half = !hasIdentity(view) && view.hasFolder && pool.rows.has(to) && !pool.folders.has(to);
  if (!half) refuse(rig, { view, to, pool });
  const purpose = `rename ${from} to ${to}`;
  await using _old = await lockWorktree(ctx, rig, { worker: view.name, purpose });
  await using _new = await lockWorktree(ctx, rig, { worker: to, purpose });
  const beads = half ? 0 : await renameRows(ctx, rig, { from: view.name, to });
  const rescued = view.hasFolder ? await moveHome(ctx, rig, { from: view.name, to }) : [];
  await emitEvent(ctx, { type: 'polecat_renamed', payload: { rig: rig.name, polecat: to, from: view.name } });
  return { beads, rescued };
}

function refuse(
  rig: Rig,
  { view, to, pool }: { readonly view: PolecatView; readonly to: WorkerName; readonly pool: Pool },
): void {
  const { work, seen, name } = view;
  if (!hasIdentity(view)) throw noIdentity(rig, name);
  refuseTaken(rig, to, pool);
  if (pool.rows.has(to)) {
    throw new RefusedError({
      code: 'polecat.exists',
      message: `${rig.name} had a polecat '${to}', and its history is kept under that name`,
      hint: 'Choose another name',
    });
  }
  const [bead] = [...work.held, ...work.submitted.map((each) => each.bead)];
  const isUp = seen.kind === 'live' || seen.kind === 'unreadable';
  if (bead === undefined && !isUp) return;
  throw new RefusedError({
    code: 'polecat.busy',
    message: `polecat ${name} ${bead === undefined ? 'has a session that is still up' : `has ${bead.id}`}`,
    hint: 'Rename it when it is idle',
  });
}

async function renameRows(
  ctx: TownContext,
  rig: Rig,
  { from, to }: { readonly from: WorkerName; readonly to: WorkerName },
): Promise<number> {
  const before = { role: 'polecat', rig: rig.name, name: from } as const;
  const after = { ...before, name: to };
  const ledger = await ctx.ledgers.open(rig.database);
  return ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const row = await tx.rename(agentBeadIdOf(before, rig.prefix), agentBeadIdOf(after, rig.prefix));
    const swap = (text: string): string => text.replaceAll(formatAddress(before), formatAddress(after));
    await tx.update(row.id, { title: swap(row.title), description: swap(row.description) });
    return reassign(tx, { before, after });
  });
}

/** Whoever asks who has done a bead finds the name the worker has now. */
async function reassign(
  tx: LedgerTx,
  { before, after }: { readonly before: AgentAddress; readonly after: AgentAddress },
): Promise<number> {
  const beads = await tx.list({ assignee: addressForms(before) });
  for (const { id } of beads) await tx.update(id, { assignee: formatAddress(after) });
  return beads.length;
}
