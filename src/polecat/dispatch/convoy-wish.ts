import type { ConvoyMember, ConvoyWish } from '../../beads/forms/convoy-row.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import type { Bead } from '../../beads/types.ts';
import { counted } from '../../core/text.ts';

/** Beads slung by one command share a convoy; this says how it is called and whom it tracks. */
export interface Batch {
  readonly title: string;
  readonly members: readonly ConvoyMember[];
}

export interface WishFacts {
  /** Of the bead's database. */
  readonly prefix: string;
  readonly bead: Bead;
  readonly terms: SlingTerms;
  readonly batch?: Batch | undefined;
}

/** The convoy a slung bead belongs to, as it must be in the ledger; undefined = none was wanted. */
export function convoyWish({ prefix, bead, terms, batch }: WishFacts): ConvoyWish | undefined {
  if (terms.convoy === undefined) return undefined;
  const what = batch === undefined ? bead.id : counted(batch.members.length, 'bead');
  return {
    id: terms.convoy,
    title: batch?.title ?? `Work: ${bead.title}`,
    description: `Auto-created convoy tracking ${what}`,
    members: batch?.members ?? [{ id: bead.id, prefix }],
    owned: terms.owned,
    merge: terms.merge,
  };
}
