import type { Bead, Ledger } from '../../beads/types.ts';
import { GtError } from '../../core/errors.ts';
import type { Write } from './write.ts';

interface Claim {
  readonly ledger: Ledger;
  readonly actor: string;
  readonly write: Write;
}

/** Takes the first that nobody else takes first: another agent may be faster between the look and the claim. */
export async function claimFirst(
  { ledger, actor, write }: Claim,
  candidates: readonly Bead[],
): Promise<Bead | undefined> {
  for (const { id } of candidates) {
    try {
      return await write(ledger, `claim ${id}`, (tx) => tx.claim(id, actor));
    } catch (error) {
      const isTaken =
        error instanceof GtError && /^bead\.(?:claimed|not-claimable|not-found)$/.test(error.code);
      if (!isTaken) throw error;
    }
  }
  return undefined;
}
