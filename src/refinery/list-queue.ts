import { isOfRig, MR_LABEL, parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import { known, unknownFact } from '../core/fact.ts';
import type { Fact } from '../core/fact.ts';
import type { Rig } from '../rig/registry.ts';
import { openPushRemote, readHeads } from './push-remote.ts';
import { readQueue } from './queue.ts';
import { queueItems } from './status.ts';
import type { QueueItem } from './status.ts';

/** The one word of the STATUS column; the phase says more. */
type ShownStatus = 'ready' | 'active' | 'blocked' | 'closed';

export interface ListedRequest {
  readonly item: QueueItem;
  readonly shown: ShownStatus;
  /** Whether the branch is on the remote; undefined = not asked. */
  readonly onRemote: Fact<boolean> | undefined;
}

export interface ListFilter {
  /** open (with those being landed), in_progress, closed or all. */
  readonly status: string;
  readonly ready: boolean;
  readonly worker?: string | undefined;
  readonly verify: boolean;
}

/** Merge requests of a rig in landing order, closed ones (newest first) last. */
export async function listQueue(
  ctx: TownContext,
  rig: Rig,
  filter: ListFilter,
): Promise<readonly ListedRequest[]> {
  const ledger = await ctx.ledgers.open(rig.database);
  const { requests, lanes } = await readQueue(ledger, rig);
  const records = lanes.map(({ record }) => record);
  const closed = ['closed', 'all'].includes(filter.status) ? await readClosed(ctx, rig) : [];
  const open = filter.status === 'closed' ? [] : requests;
  const items = queueItems([...open, ...closed], records, ctx.ports.clock.now())
    .filter(({ mr }) => filter.status !== 'in_progress' || mr.bead.status === 'in_progress')
    .filter(({ mr }) => filter.worker === undefined || mr.worker === filter.worker)
    .filter((item) => !filter.ready || shownStatus(item) === 'ready');
  const heads = filter.verify ? await readBranches(ctx, rig) : undefined;
  return items.map((item) => ({
    item,
    shown: shownStatus(item),
    onRemote: heads?.ok === true ? known(heads.value.has(item.mr.branch)) : heads,
  }));
}

async function readClosed(ctx: TownContext, rig: Rig): Promise<readonly MergeRequest[]> {
  const ledger = await ctx.ledgers.open(rig.database);
  const beads = await ledger.list({ labels: [MR_LABEL], status: ['closed'] });
  return beads.map(parseMergeRequest).filter((mr) => isOfRig(mr, rig.name));
}

async function readBranches(ctx: TownContext, rig: Rig): Promise<Fact<ReadonlySet<string>>> {
  try {
    const { heads } = await readHeads(ctx, await openPushRemote(ctx, rig));
    return known(new Set(heads.keys()));
  } catch (error) {
    return unknownFact(messageOf(error));
  }
}

function shownStatus({ mr, phase }: QueueItem): ShownStatus {
  if (mr.bead.status === 'closed') return 'closed';
  if (phase === 'chained' || phase === 'proving' || phase === 'landing') return 'active';
  return phase === 'queued' && !mr.bead.isBlocked ? 'ready' : 'blocked';
}
