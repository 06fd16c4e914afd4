import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { isLive, openMergeRequests } from '../../beads/forms/merge-request.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import { formatAddress, parseAddress, sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import type { Holder } from './facts.ts';

const AT_WORK: ReadonlySet<string> = new Set(['hooked', 'in_progress', 'pinned']);

/** Who has the bead, and whether that agent is alive. */
export async function readHolder(ctx: TownContext, reads: LedgerReads, bead: Bead): Promise<Holder> {
  // Open with an assignee: planned for somebody, not taken up. Sling gives it to a worker.
  if (!AT_WORK.has(bead.status)) return { kind: 'nobody' };
  const requests = await openMergeRequests(reads);
  const mr = requests.find((request) => request.sourceIssue === bead.id && isLive(request));
  if (mr !== undefined) return { kind: 'submitted', mr };
  if (bead.assignee === '') return { kind: 'nobody' };
  const agent = agentOf(bead.assignee);
  if (agent === undefined) return { kind: 'held', by: bead.assignee, agent, life: 'unknown' };
  return { kind: 'held', by: formatAddress(agent), agent, life: await readLife(ctx, agent) };
}

/**
 * Dead only when the host's own account of the present spawn says that it ended. No session at all is not death:
 * another sling may be between its hook transaction and the session. Nor is the end of a session of those who come
 * and go: crew and mayor keep what they have.
 */
async function readLife(ctx: TownContext, agent: AgentAddress): Promise<'live' | 'dead' | 'unknown'> {
  const { prefix, database } = await agentPlace(ctx, agent);
  const seen = await ctx.ports.panes.observe(sessionOf(agent, prefix));
  if (seen.kind === 'live') return 'live';
  if (seen.kind !== 'exited' || (agent.role !== 'polecat' && agent.role !== 'dog')) return 'unknown';
  const row = await readAgentRow(await ctx.ledgers.open(database), agent, prefix);
  return row !== undefined && seen.state.spawn >= row.spawn ? 'dead' : 'unknown';
}

function agentOf(assignee: string): AgentAddress | undefined {
  try {
    return parseAddress(assignee);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
