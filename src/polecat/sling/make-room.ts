import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { squashAttached } from '../../formulas/molecule/attach.ts';
import { progressOfBead } from '../../hooks/attached-molecule.ts';
import { heldEverywhere } from '../../hooks/find-hooked.ts';
import { takeOffHook } from '../release/take-off.ts';

/** What an agent has on its hook beside one bead. */
export interface OnHook {
  readonly others: readonly Bead[];
  /** Beads whose molecule has no open step: they are only to be closed. */
  readonly finished: readonly { readonly bead: Bead; readonly molecule: string }[];
}

export async function readHookBeside(ctx: TownContext, agent: AgentAddress, bead: string): Promise<OnHook> {
  const held = (await heldEverywhere(ctx, agent)).held.filter((each) => each.id !== bead);
  const molecules = await Promise.all(held.map((each) => finishedMolecule(ctx, each)));
  return {
    others: held.filter((_, index) => molecules[index] === undefined),
    finished: held.flatMap((each, index) => {
      const molecule = molecules[index];
      return molecule === undefined ? [] : [{ bead: each, molecule }];
    }),
  };
}

async function finishedMolecule(ctx: TownContext, bead: Bead): Promise<string | undefined> {
  const progress = await progressOfBead(ctx, bead);
  return progress !== undefined && progress.total > 0 && progress.completed === progress.total
    ? progress.molecule.root.id
    : undefined;
}

/** Closes what is finished; the rest, which the caller may overrule, goes back to where everybody finds it. */
export async function makeRoom(ctx: TownContext, { others, finished }: OnHook, bead: string): Promise<void> {
  for (const each of finished) await closeFinished(ctx, each);
  for (const held of others)
    await takeOffHook(ctx, { bead: held, force: true, why: `${bead} takes its place` });
}

async function closeFinished(
  ctx: TownContext,
  { bead, molecule }: OnHook['finished'][number],
): Promise<void> {
  const ledger = await ctx.ledgers.of(bead.id);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    await squashAttached(tx, bead);
    await tx.close(bead.id, { reason: `Molecule ${molecule} is complete`, force: true });
  });
}
