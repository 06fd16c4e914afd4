import type { TownContext } from '../beads/context.ts';
import { closeSlingContexts } from '../beads/forms/sling-context.ts';
import { DISPATCH_KEY } from '../beads/forms/sling-terms.ts';
import type { Bead } from '../beads/types.ts';
import { squashAttached } from '../formulas/molecule/attach.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { agentPlace } from '../rig/agent-place.ts';
import type { Rig } from '../rig/registry.ts';
import { emitEvent } from '../town/events.ts';
import { emptyRow } from './release/write.ts';

export interface GiveUpRequest {
  /** Of the bead; absent = the town's. */
  readonly rig?: Rig | undefined;
  readonly bead: Bead;
  /** Who had it, when somebody did. */
  readonly agent?: AgentAddress | undefined;
  /** One line for people. */
  readonly cause: string;
  /** More lines for the comment. */
  readonly detail?: readonly string[];
}

/**
 * Blocks a bead that cannot be done as it is: status blocked, unassigned, a comment with the cause, its worker
 * idle, one escalation. It comes back by `gt sling respawn-reset` and another sling.
 */
export async function giveUpBead(ctx: TownContext, request: GiveUpRequest): Promise<void> {
  const { rig, bead, agent, cause, detail = [] } = request;
  const ledger = await ctx.ledgers.of(bead.id);
  const place = agent === undefined ? undefined : await agentPlace(ctx, agent);
  const blocked = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await tx.get(bead.id);
    // Somebody else has moved on with it: their state stands.
    if (now === undefined || now.status === 'closed' || now.assignee !== bead.assignee) return false;
    await tx.update(bead.id, { status: 'blocked', assignee: '', metadata: { [DISPATCH_KEY]: null } });
    await squashAttached(tx, now);
    await tx.comment(bead.id, [cause, ...detail].join('\n'));
    await closeSlingContexts(tx, bead.id, 'blocked');
    if (agent !== undefined && place?.database === tx.database) await emptyRow(tx, { agent, place, bead });
    return true;
  });
  if (!blocked) return;
  const where = rig === undefined ? {} : { rig: rig.name };
  const payload = { bead: bead.id, ...where, reason: cause, severity: 'high' };
  await emitEvent(ctx, { type: 'escalation_sent', payload, visibility: 'both' });
}
