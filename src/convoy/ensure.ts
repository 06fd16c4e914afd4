import { ensureConvoy } from '../beads/forms/convoy-row.ts';
import type { TownContext } from '../beads/context.ts';
import { openSlingContexts } from '../beads/forms/sling-context.ts';
import { slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { Bead, Ledger } from '../beads/types.ts';
import { convoyWish, type WishFacts } from '../polecat/dispatch/convoy-wish.ts';

export { ensureConvoy } from '../beads/forms/convoy-row.ts';

/**
 * F4 for whoever was killed before it: the convoys that slung or queued beads name and that are not in the ledger.
 * Returns the ids made.
 */
export async function ensureMissingConvoys(ctx: TownContext): Promise<readonly string[]> {
  const wanted = (await Promise.all((await ctx.ledgers.all()).map(wishesOf))).flat();
  if (wanted.length === 0) return [];
  const hq = await ctx.ledgers.hq();
  const ids = [...new Set(wanted.map((wish) => wish.id))];
  const present = new Set((await hq.list({ ids })).map((convoy) => String(convoy.id)));
  const made: string[] = [];
  for (const wish of wanted.filter(({ id }) => !present.has(id))) {
    if ((await ensureConvoy(ctx, wish)) === 'created') made.push(wish.id);
  }
  return made;
}

async function wishesOf(ledger: Ledger) {
  const { prefix } = ledger;
  const [held, { contexts }] = await Promise.all([
    ledger.list({ status: ['hooked', 'in_progress'] }),
    openSlingContexts(ledger),
  ]);
  const queued = await ledger.list({ ids: contexts.map((context) => context.workBead) });
  const byId = new Map<string, Bead>(queued.map((bead) => [bead.id, bead]));
  const facts: readonly WishFacts[] = [
    ...held.map((bead) => ({ prefix, bead, terms: slingTermsOf(bead) })),
    ...contexts.flatMap((terms) => {
      const bead = byId.get(terms.workBead);
      return bead === undefined ? [] : [{ prefix, bead, terms }];
    }),
  ];
  return facts.map(convoyWish).filter((wish) => wish !== undefined);
}
