import type { TownContext } from '../beads/context.ts';
import type { Rig } from './registry.ts';

/**
 * What is set on the rig's own bead as `key:value` labels (`status:docked`, `default_formula:shiny`), by key; empty
 * for a rig without one.
 */
export async function readRigLabels(ctx: TownContext, rig: Rig): Promise<ReadonlyMap<string, string>> {
  const ledger = await ctx.ledgers.open(rig.database);
  const bead = await ledger.get(rigBeadId(rig));
  const pairs = (bead?.labels ?? []).map((label) => /^([a-z_]+):(.+)$/.exec(label));
  return new Map(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const])));
}

/** The bead that stands for a rig in its own ledger. */
export function rigBeadId(rig: Pick<Rig, 'name' | 'prefix'>): string {
  return `${rig.prefix}-rig-${rig.name}`;
}
