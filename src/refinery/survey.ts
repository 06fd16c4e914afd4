import { isLive, isOfRig, OWNED_DIRECT_LABEL } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { isBranchName } from '../core/branch.ts';
import type { Sha } from '../core/names.ts';
import type { PinnedRequest } from './chain-order.ts';

/** What was looked up about one merge request's branch. */
export interface BranchFacts {
  /** Tip on the remote; undefined = no such branch there. */
  readonly remoteTip: Sha | undefined;
  /** The pinned commit is in our repository (or there is none pinned). */
  readonly hasPinned: boolean;
  /** Somebody works it off by hand, or it has to wait before it is tried again. */
  readonly isHeld: boolean;
}

/** The open merge requests of one lane, sorted by what may happen to them now. */
export interface Survey {
  readonly candidates: readonly PinnedRequest[];
  /** Sent back, blocked or waiting for a task; their commits must not land under another name. */
  readonly standing: readonly PinnedRequest[];
  /** Branch and pinned commit are both gone. */
  readonly missing: readonly MergeRequest[];
}

/** Merge requests that this rig's queue lands on `target`. */
export function ofLane(
  all: readonly MergeRequest[],
  lane: { readonly rig: string; readonly target: string; readonly defaultBranch: string },
): readonly MergeRequest[] {
  return all.filter(
    (mr) =>
      isOfRig(mr, lane.rig) &&
      (mr.target ?? lane.defaultBranch) === lane.target &&
      isBranchName(mr.branch) &&
      mr.branch !== lane.target &&
      !mr.bead.labels.includes(OWNED_DIRECT_LABEL),
  );
}

/** True when a pass could do something for it; a queue of others needs no look at the remote. */
export function isActionable(mr: MergeRequest): boolean {
  return isLive(mr) && standingReason(mr) === undefined;
}

/** Why a merge request cannot be chained whatever its branch says; undefined when it can. */
export function standingReason(mr: MergeRequest): string | undefined {
  if (mr.phase === 'evicted') return 'sent back';
  if (mr.bead.isBlocked) return `waits for ${mr.conflictTaskId ?? 'another bead'}`;
  // A conflict whose task is closed is tried again; other blocks need a new head or a person.
  return mr.phase === 'blocked' && mr.conflictTaskId === undefined ? 'blocked' : undefined;
}

/** Sorts the lane's merge requests. A branch that moved since it was pinned counts with its new head. */
export function surveyLane(
  requests: readonly MergeRequest[],
  facts: ReadonlyMap<string, BranchFacts>,
): Survey {
  const candidates: PinnedRequest[] = [];
  const standing: PinnedRequest[] = [];
  const missing: MergeRequest[] = [];
  for (const mr of requests) {
    const branch = facts.get(mr.id);
    const isBack = standingReason(mr) === undefined || hasNewHead(mr, branch);
    const waits = !isBack || branch?.isHeld === true;
    const head = headOf(mr, branch, waits);
    if (head === undefined) missing.push(mr);
    else (waits ? standing : candidates).push({ mr, head });
  }
  return { candidates, standing, missing: missing.filter(isLive) };
}

/**
 * A new head of a merely blocked branch brings it back. One that was sent back returns only by `gt done`,
 * `mq submit` or `mq retry`: its worker may push half-finished work.
 */
function hasNewHead(mr: MergeRequest, branch: BranchFacts | undefined): boolean {
  return (
    mr.phase === 'blocked' &&
    !mr.bead.isBlocked &&
    branch?.remoteTip !== undefined &&
    branch.remoteTip !== mr.commit
  );
}

function headOf(mr: MergeRequest, branch: BranchFacts | undefined, waits: boolean): Sha | undefined {
  const pinned = branch?.hasPinned === true ? mr.commit : undefined;
  return waits ? (pinned ?? branch?.remoteTip) : (branch?.remoteTip ?? pinned);
}
