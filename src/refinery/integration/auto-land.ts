import type { TownContext } from '../../beads/context.ts';
import { GtError } from '../../core/errors.ts';
import type { Rig } from '../../rig/registry.ts';
import { notReady, readIntegration } from './facts.ts';
import { landIntegration } from './land.ts';

/**
 * Lands the integration branches whose work is complete, for rigs that want it so. One query while there is none.
 * Returns a line for each that landed or could not.
 */
export async function autoLand(ctx: TownContext, rig: Rig, signal: AbortSignal): Promise<readonly string[]> {
  const ledger = await ctx.ledgers.open(rig.database);
  const epics = await ledger.list({
    type: ['epic'],
    notStatus: ['closed'],
    descriptionContains: 'integration_branch:',
    order: 'id',
  });
  const lines: string[] = [];
  for (const { id } of epics) {
    try {
      if (notReady(await readIntegration(ctx, id)).length > 0) continue;
      const wish = { epic: id, force: false, skipTests: false, dryRun: false, signal };
      const { branch, base } = await landIntegration(ctx, wish);
      lines.push(`${id}: ${branch} has landed on ${base}`);
    } catch (error) {
      if (!(error instanceof GtError)) throw error;
      lines.push(`${id}: ${error.message}`);
    }
  }
  return lines;
}
