import { NotFoundError } from '../core/errors.ts';
import type { Bead, Ledger, Ledgers } from './types.ts';

export interface LocatedBead {
  readonly ledger: Ledger;
  readonly bead: Bead;
}

/**
 * The bead a person means, in whichever database its prefix leads to; text without a known prefix is looked for
 * in `home` (P5). Throws NotFoundError `bead.not-found`, UsageError `bead.ambiguous`.
 */
export async function locateBead(ledgers: Ledgers, home: Ledger, typed: string): Promise<LocatedBead> {
  const ledger = await ledgerOf(ledgers, home, typed);
  return { ledger, bead: await ledger.find(typed) };
}

async function ledgerOf(ledgers: Ledgers, home: Ledger, typed: string): Promise<Ledger> {
  try {
    return await ledgers.of(typed.trim());
  } catch (error) {
    if (error instanceof NotFoundError && error.code === 'bead.no-route') return home;
    throw error;
  }
}
