import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { readAttempts, resetAttempts } from '../town/attempts.ts';

export interface ResetReport {
  readonly bead: string;
  /** Tries that were counted before. */
  readonly tries: number;
  /** It was blocked by its failures and is open now. */
  readonly reopened: boolean;
}

/** `gt sling respawn-reset`: a person has looked; the bead may be tried again. NotFoundError `bead.not-found`. */
export async function resetBead(ctx: TownContext, text: string): Promise<ResetReport> {
  const ledger = await ctx.ledgers.of(text);
  const found = await ledger.find(text);
  const tries = (await readAttempts(ctx)).get(found.id)?.count ?? 0;
  await resetAttempts(ctx, found.id);
  const reopened = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const bead = await tx.get(found.id);
    if (bead?.status !== 'blocked' || bead.assignee !== '') return false;
    await tx.update(bead.id, { status: 'open' }, { status: 'blocked', assignee: '' });
    return true;
  });
  return { bead: found.id, tries, reopened };
}
