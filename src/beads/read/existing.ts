import { beadNotFound } from '../errors.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { selectBead } from './select.ts';
import type { Bead } from '../types.ts';

/** The bead of this id. Throws NotFoundError `bead.not-found`. */
export async function existing(scope: LedgerScope, id: string): Promise<Bead> {
  const bead = await selectBead(scope, id);
  if (bead === undefined) throw beadNotFound(id);
  return bead;
}
