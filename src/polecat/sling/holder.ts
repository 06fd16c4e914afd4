import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { liveMergeRequestOf } from '../../beads/forms/merge-request.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { placedAgentOf } from '../release/facts.ts';
import type { PlacedAgent } from '../release/facts.ts';
import type { Holder } from './facts.ts';

const AT_WORK: ReadonlySet<string> = new Set(['hooked', 'in_progress', 'pinned']);

/** Who has the bead, and whether that agent is alive. */
export async function readHolder(ctx: TownContext, reads: LedgerReads, bead: Bead): Promise<Holder> {
  // Open with an assignee: planned for somebody, not taken up. Sling gives it to a worker.
  if (!AT_WORK.has(bead.status)) return { kind: 'nobody' };
  const mr = await liveMergeRequestOf(reads, bead.id);
  if (mr !== undefined) return { kind: 'submitted', mr };
  if (bead.assignee === '') return { kind: 'nobody' };
  const holder = await placedAgentOf(ctx, bead.assignee);
  if (holder === undefined) return { kind: 'held', by: bead.assignee, agent: undefined, life: 'unknown' };
  const { agent } = holder;
  return { kind: 'held', by: formatAddress(agent), agent, life: await readLife(ctx, holder) };
}

/**
 * Dead only when the host's own account of the present spawn says that it ended. No session at all is not death:
 * another sling may be between its hook transaction and the session. Nor is the end of a session of those who come
 * and go: crew and mayor keep what they have.
 */
async function readLife(
  ctx: TownContext,
  { agent, place: { prefix, database } }: PlacedAgent,
): Promise<'live' | 'dead' | 'unknown'> {
  const seen = await ctx.ports.panes.observe(sessionOf(agent, prefix));
  if (seen.kind === 'live') return 'live';
  if (seen.kind !== 'exited' || (agent.role !== 'polecat' && agent.role !== 'dog')) return 'unknown';
  const row = await readAgentRow(await ctx.ledgers.open(database), agent, prefix);
  return row !== undefined && seen.state.spawn >= row.spawn ? 'dead' : 'unknown';
}
