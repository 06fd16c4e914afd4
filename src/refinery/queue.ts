import { isMergeRequest, isOfRig, MR_LABEL, parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { Bead, LedgerReads } from '../beads/types.ts';
import type { Rig } from '../rig/registry.ts';
import { hasUnfinished, LANE_LABEL } from './lane.ts';
import type { LaneRecord } from './lane.ts';
import { isLane, readLane } from './lane-store.ts';
import { isActionable } from './survey.ts';

/** All that the ledger knows of a rig's merge queue. */
export interface Queue {
  readonly requests: readonly MergeRequest[];
  readonly lanes: readonly QueueLane[];
}

interface QueueLane {
  readonly bead: Bead;
  readonly record: LaneRecord;
}

/** One look at the ledger, the same for an idle pass and for status (P16). */
export async function readQueue(reads: LedgerReads, rig: Rig): Promise<Queue> {
  const beads = await reads.list({ anyLabel: [MR_LABEL, LANE_LABEL], notStatus: ['closed'], order: 'id' });
  return {
    requests: beads
      .filter(isMergeRequest)
      .map(parseMergeRequest)
      .filter((mr) => isOfRig(mr, rig.name)),
    lanes: beads.filter(isLane).map((bead) => ({ bead, record: readLane(bead) })),
  };
}

/** Targets with something to do, each with its lane if there is one yet. */
export function busyTargets(
  queue: Queue,
  rig: Rig,
): readonly { readonly target: string; readonly bead: Bead | undefined }[] {
  const targets = new Set([
    ...queue.requests.filter(isActionable).map((mr) => mr.target ?? rig.defaultBranch),
    ...queue.lanes.filter(({ record }) => hasUnfinished(record)).map(({ record }) => record.target),
  ]);
  return [...targets].sort().map((target) => ({
    target,
    bead: queue.lanes.find(({ record }) => record.target === target)?.bead,
  }));
}
