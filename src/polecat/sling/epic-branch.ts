import type { TownContext } from '../../beads/context.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import { branchTest, lookAtOrigin } from '../../hooks/start-point.ts';
import { integrationBranchOf } from '../../rig/integration-branch.ts';
import type { Rig } from '../../rig/registry.ts';
import { readRigSettings } from '../../rig/settings.ts';

/** The branch on which the bead's epic is gathered; the remote is only asked about a bead that has a parent. */
export async function epicBranchOf(
  ctx: TownContext,
  reads: LedgerReads,
  { bead, rig }: { readonly bead: Bead; readonly rig: Rig },
): Promise<string | undefined> {
  const edges = await reads.edgesFrom([bead.id]);
  if (!edges.some(({ type }) => type === 'parent-child')) return undefined;
  const exists = await branchTest(ctx, rig, await lookAtOrigin(ctx, rig));
  return integrationBranchOf(bead, { reads, settings: await readRigSettings(ctx, rig), exists });
}
