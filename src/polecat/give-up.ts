import { readAgentRow, writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { closeSlingContexts } from '../beads/forms/sling-context.ts';
import { DISPATCH_KEY } from '../beads/forms/sling-terms.ts';
import type { Bead } from '../beads/types.ts';
import { squashAttached } from '../formulas/molecule/attach.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import type { Rig } from '../rig/registry.ts';
import { emitEvent } from '../town/events.ts';

export interface GiveUpRequest {
  readonly rig: Rig;
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
  const ledger = await ctx.ledgers.open(rig.database);
  const blocked = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await tx.get(bead.id);
    // Somebody else has moved on with it: their state stands.
    if (now === undefined || now.status === 'closed' || now.assignee !== bead.assignee) return false;
    await tx.update(bead.id, { status: 'blocked', assignee: '', metadata: { [DISPATCH_KEY]: null } });
    await squashAttached(tx, now);
    await tx.comment(bead.id, [cause, ...detail].join('\n'));
    await closeSlingContexts(tx, bead.id, 'blocked');
    if (agent !== undefined && (await readAgentRow(tx, agent, rig.prefix))?.hookBead === bead.id) {
      await writeAgentRow(tx, agent, rig.prefix, { agentState: 'idle', hookBead: null });
    }
    return true;
  });
  if (!blocked) return;
  const payload = { bead: bead.id, rig: rig.name, reason: cause, severity: 'high' };
  await emitEvent(ctx, { type: 'escalation_sent', payload, visibility: 'both' });
}
