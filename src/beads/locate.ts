import { NotFoundError } from '../core/errors.ts';
import type { Bead, Ledger, Ledgers } from './types.ts';

export interface LocatedBead {
  readonly ledger: Ledger;
  readonly bead: Bead;
}

/**
 * The bead a person means, in whichever database its prefix leads to; text without a known prefix is looked for
 * in `home` (P5). A whole id that is not where its prefix leads is looked for in `home` and in `hq`, where older
 * towns keep the agents of their rigs. Throws NotFoundError `bead.not-found`, UsageError `bead.ambiguous`.
 */
export async function locateBead(ledgers: Ledgers, home: Ledger, typed: string): Promise<LocatedBead> {
  const ledger = await ledgerOf(ledgers, home, typed);
  try {
    return { ledger, bead: await ledger.find(typed) };
  } catch (error) {
    if (!(error instanceof NotFoundError && error.code === 'bead.not-found')) throw error;
    const elsewhere = await misplaced(ledgers, { ledger, home }, typed.trim());
    if (elsewhere === undefined) throw error;
    return elsewhere;
  }
}

async function misplaced(
  ledgers: Ledgers,
  { ledger, home }: { readonly ledger: Ledger; readonly home: Ledger },
  id: string,
): Promise<LocatedBead | undefined> {
  const hq = (await ledgers.all()).find(({ database }) => database === 'hq');
  for (const other of new Set([home, hq])) {
    if (other === undefined || other.database === ledger.database) continue;
    const bead = await other.get(id);
    if (bead !== undefined) return { ledger: other, bead };
  }
  return undefined;
}

async function ledgerOf(ledgers: Ledgers, home: Ledger, typed: string): Promise<Ledger> {
  try {
    return await ledgers.of(typed.trim());
  } catch (error) {
    if (error instanceof NotFoundError && error.code === 'bead.no-route') return home;
    throw error;
  }
}
