import type { TownContext } from '../../beads/context.ts';
import { openMergeRequests } from '../../beads/forms/merge-request.ts';
import type { Bead } from '../../beads/types.ts';
import type { AgentAddress } from '../../core/address.ts';
import { readInbox } from '../../mail/inbox.ts';
import { handoffsIn } from '../../mail/handoff-mail.ts';
import type { Message } from '../../beads/forms/message-row.ts';
import { targetOf } from '../../sessions/target.ts';
import { readSituation } from '../situation.ts';
import type { Situation } from '../situation.ts';

/** What code knows about an agent's work; the agent adds what only it knows. */
export interface HandoffFacts extends Situation {
  readonly agent: AgentAddress;
  /** Unix ms. */
  readonly now: number;
  /** What the merge queue's gates said last of this work; undefined = they have not run on it. */
  readonly lastGate: string | undefined;
  readonly unread: readonly Message[];
  readonly collected: Collected | undefined;
}

/** With --collect: what else is there to do. */
export interface Collected {
  readonly ready: readonly Bead[];
  readonly inProgress: readonly Bead[];
}

const READY = 10;
const IN_PROGRESS = 5;

export interface GatherOptions {
  readonly collect: boolean;
  /** Look at the checkout. */
  readonly git: boolean;
}

/** Throws when the town's ledger cannot be read: a note that would not be stored either. */
export async function gatherHandoff(
  ctx: TownContext,
  agent: AgentAddress,
  options: GatherOptions,
): Promise<HandoffFacts> {
  const box = await readInbox(ctx, agent);
  const handoffs = new Set(handoffsIn(box));
  const situation = await readSituation(ctx, agent);
  const bead = situation.held.ok ? situation.held.value.bead : undefined;
  return {
    ...situation,
    ...(options.git ? {} : { tree: undefined }),
    agent,
    now: ctx.ports.clock.now(),
    lastGate: bead === undefined ? undefined : await lastGateOf(ctx, bead),
    unread: box.filter((message) => !message.read && !handoffs.has(message)),
    collected: options.collect ? await collect(ctx, agent) : undefined,
  };
}

async function lastGateOf(ctx: TownContext, bead: Bead): Promise<string | undefined> {
  const requests = await openMergeRequests(await ctx.ledgers.of(bead.id));
  const evidence = requests.find(({ sourceIssue }) => sourceIssue === bead.id)?.evidence;
  return evidence === undefined ? undefined : `${evidence.summary} (${evidence.at})`;
}

async function collect(ctx: TownContext, agent: AgentAddress): Promise<Collected> {
  const ledger = await ctx.ledgers.of((await targetOf(ctx, agent)).bead);
  const [ready, inProgress] = await Promise.all([
    ledger.ready({ limit: READY }),
    ledger.list({ status: ['in_progress'], notType: ['merge-request'], limit: IN_PROGRESS }),
  ]);
  return { ready, inProgress };
}
