import { readAgentRow, writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { DISPATCH_KEY, dispatchOf } from '../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import type { Rig } from '../rig/registry.ts';
import { readAgentWork } from './held-work.ts';
import type { SubmittedBead } from './held-work.ts';

/** What a session finds on its hook. */
export type WorkStart =
  /** Hooked before, in progress now: this session begins it. */
  | { readonly kind: 'begun'; readonly bead: Bead }
  /** It was in progress already: an earlier session of this agent began it. */
  | { readonly kind: 'continued'; readonly bead: Bead }
  | { readonly kind: 'nothing'; readonly submitted: SubmittedBead | undefined }
  /** A newer session of the same agent exists. */
  | { readonly kind: 'replaced'; readonly newest: number };

export interface BeginRequest {
  readonly rig: Rig;
  readonly agent: AgentAddress;
  /** GT_SPAWN of the session; absent = somebody looks by hand. */
  readonly spawn?: number | undefined;
}

/**
 * hooked → in_progress, by compare-and-set on status, assignee and dispatch, and only for the newest session
 * (D10). The agent's row says `working` from then on.
 */
export async function beginWork(ctx: TownContext, request: BeginRequest): Promise<WorkStart> {
  const ledger = await ctx.ledgers.open(request.rig.database);
  return ledger.transaction(formatAddress(request.agent), (tx) => begin(tx, request));
}

async function begin(tx: LedgerTx, { rig, agent, spawn }: BeginRequest): Promise<WorkStart> {
  const row = await readAgentRow(tx, agent, rig.prefix);
  if (row !== undefined && spawn !== undefined && spawn < row.spawn)
    return { kind: 'replaced', newest: row.spawn };
  const { held, submitted } = await readAgentWork(tx, agent);
  const [bead] = held;
  if (bead === undefined) return { kind: 'nothing', submitted: submitted[0] };
  if (row !== undefined && row.agentState === 'spawning') {
    await writeAgentRow(tx, agent, rig.prefix, { agentState: 'working', hookBead: bead.id });
  }
  if (bead.status !== 'hooked') return { kind: 'continued', bead };
  const begun = await tx.update(
    bead.id,
    { status: 'in_progress' },
    { status: 'hooked', assignee: bead.assignee, metadata: { [DISPATCH_KEY]: dispatchOf(bead) ?? null } },
  );
  return { kind: 'begun', bead: begun };
}

/** The same look without any change. */
export async function peekWork(ctx: TownContext, { rig, agent, spawn }: BeginRequest): Promise<WorkStart> {
  const ledger = await ctx.ledgers.open(rig.database);
  const row = await readAgentRow(ledger, agent, rig.prefix);
  if (row !== undefined && spawn !== undefined && spawn < row.spawn)
    return { kind: 'replaced', newest: row.spawn };
  const { held, submitted } = await readAgentWork(ledger, agent);
  const [bead] = held;
  if (bead === undefined) return { kind: 'nothing', submitted: submitted[0] };
  return { kind: bead.status === 'hooked' ? 'begun' : 'continued', bead };
}
