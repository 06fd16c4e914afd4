import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { isLive } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { claimBy, isStale } from './claims.ts';
import { openPushRemote, readHeads } from './push-remote.ts';
import { readQueue } from './queue.ts';
import { byScore } from './score.ts';
import { readQueueSettings } from './settings.ts';
import { standingReason } from './survey.ts';

/** An open merge request as those who work the queue off by hand see it. */
export interface Workable {
  readonly mr: MergeRequest;
  /** Why nothing can be done with it; undefined = it is free to process. */
  readonly why: string | undefined;
  readonly claimedBy: string | undefined;
  readonly onRemote: boolean;
}

export interface Anomaly {
  readonly id: string;
  readonly branch: string;
  readonly type: 'stale-claim' | 'orphaned-branch';
  readonly assignee: string | undefined;
  readonly ageMs: number | undefined;
  readonly detail: string;
}

/** All open merge requests by score, with what is odd about them. One look at the ledger and one at the remote. */
export async function readWorkable(
  ctx: TownContext,
  rig: Rig,
): Promise<{ readonly all: readonly Workable[]; readonly anomalies: readonly Anomaly[] }> {
  const settings = await readQueueSettings(ctx, rig);
  const { requests } = await readQueue(await ctx.ledgers.open(rig.database), rig);
  const { heads } = await readHeads(ctx, await openPushRemote(ctx, rig, settings.strategy));
  const now = ctx.ports.clock.now();
  const sorted = requests.toSorted(byScore(now));
  const anomalies = sorted.flatMap((mr) =>
    anomaliesOf(mr, { rig, now, heads, afterMs: settings.staleClaimMs }),
  );
  const all = sorted.map((mr) => {
    const claim = claimBy(mr, rig);
    const isHeld = claim !== undefined && !isStale(claim, { now, afterMs: settings.staleClaimMs });
    return {
      mr,
      why: standingReason(mr) ?? (isLive(mr) ? undefined : mr.phase),
      claimedBy: isHeld ? claim.by : undefined,
      onRemote: heads.has(mr.branch),
    };
  });
  return { all, anomalies };
}

interface Facts {
  readonly rig: Rig;
  readonly now: number;
  readonly heads: ReadonlyMap<string, unknown>;
  readonly afterMs: number;
}

/** Pure. */
function anomaliesOf(mr: MergeRequest, { rig, now, heads, afterMs }: Facts): readonly Anomaly[] {
  const claim = claimBy(mr, rig);
  const common = { id: mr.id, branch: mr.branch };
  return [
    ...(claim !== undefined && isStale(claim, { now, afterMs })
      ? [
          {
            ...common,
            type: 'stale-claim' as const,
            assignee: claim.by,
            ageMs: now - Date.parse(claim.since),
            detail: `claimed by ${claim.by}, and not touched since ${claim.since}`,
          },
        ]
      : []),
    ...(heads.has(mr.branch)
      ? []
      : [
          {
            ...common,
            type: 'orphaned-branch' as const,
            assignee: undefined,
            ageMs: undefined,
            detail: `branch ${mr.branch} is not on the remote`,
          },
        ]),
  ];
}
