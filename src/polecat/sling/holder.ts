import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { isLive, openMergeRequests } from '../../beads/forms/merge-request.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import { formatAddress, parseAddress, sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import type { Rig } from '../../rig/registry.ts';
import type { Holder } from './facts.ts';

const AT_WORK: ReadonlySet<string> = new Set(['hooked', 'in_progress', 'pinned']);

/** Who has the bead, and whether that agent is alive. */
export async function readHolder(
  ctx: TownContext,
  reads: LedgerReads,
  { bead, rig }: { readonly bead: Bead; readonly rig: Rig },
): Promise<Holder> {
  if (!AT_WORK.has(bead.status) && bead.assignee === '') return { kind: 'nobody' };
  const requests = await openMergeRequests(reads, rig.name);
  const mr = requests.find((request) => request.sourceIssue === bead.id && isLive(request));
  if (mr !== undefined && AT_WORK.has(bead.status)) return { kind: 'submitted', mr };
  // Open with an assignee: planned for somebody, not taken up. Sling gives it to a worker.
  if (!AT_WORK.has(bead.status) || bead.assignee === '') return { kind: 'nobody' };
  const agent = agentOf(bead.assignee);
  if (agent === undefined) return { kind: 'held', by: bead.assignee, agent, life: 'unknown' };
  return { kind: 'held', by: formatAddress(agent), agent, life: await readLife(ctx, reads, { agent, rig }) };
}

/**
 * Dead only when the host's own account of the present spawn says that it ended. No session at all is not
 * death: another sling may be between its hook transaction and the session.
 */
async function readLife(
  ctx: TownContext,
  reads: LedgerReads,
  { agent, rig }: { readonly agent: AgentAddress; readonly rig: Rig },
): Promise<'live' | 'dead' | 'unknown'> {
  const seen = await ctx.ports.panes.observe(sessionOf(agent, rig.prefix));
  if (seen.kind === 'live') return 'live';
  if (seen.kind !== 'exited') return 'unknown';
  const row = await readAgentRow(reads, agent, rig.prefix);
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
