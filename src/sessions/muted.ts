import type { TownContext } from '../beads/context.ts';
import { parseFields } from '../beads/forms/fields.ts';
import { UnavailableError } from '../core/errors.ts';

/** Its row says `notification_level: muted`. Without a ledger nobody can have said so. @param bead the agent's own */
export async function isMuted(ctx: TownContext, bead: string): Promise<boolean> {
  try {
    const row = await (await ctx.ledgers.of(bead)).get(bead);
    return parseFields(row?.description ?? '').get('notification_level') === 'muted';
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}
