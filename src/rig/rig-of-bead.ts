import { locateBead } from '../beads/locate.ts';
import type { LocatedBead } from '../beads/locate.ts';
import type { TownContext } from '../beads/context.ts';
import { UsageError } from '../core/errors.ts';
import { readRigs, rigOfId } from './registry.ts';
import type { Rig } from './registry.ts';

/** A bead with the rig whose ledger it is in. UsageError `rig.not-named` for one of the town; NotFoundError `bead.not-found`; UnreadableError `rig.broken`. */
export async function rigOfBead(ctx: TownContext, id: string): Promise<LocatedBead & { readonly rig: Rig }> {
  const { ledgers } = ctx;
  const found = await locateBead(ledgers, await ledgers.hq(), id);
  const all = await readRigs(ctx);
  const rig =
    all.rigs.find(({ database }) => database === found.ledger.database) ?? rigOfId(all, found.bead.id);
  if (rig !== undefined) return { ...found, rig };
  throw new UsageError({
    code: 'rig.not-named',
    message: `${found.bead.id} belongs to the town, not to a rig`,
    hint: 'Name a bead of a rig: gt ready',
  });
}
