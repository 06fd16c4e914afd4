import { RefusedError, UsageError } from '../../core/errors.ts';
import type { GtError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import { COMMIT_EXCLUDES } from '../../hooks/excludes.ts';
import type { DoneSubject, DoneWork } from './facts.ts';
import type { DoneRequest } from './request.ts';

/** One step of handing in, after the intent was written (spec 11 G). */
export type DoneStep =
  /** G2: what lies uncommitted becomes a commit. */
  | { readonly do: 'commit' }
  /** G2 in the middle of a rebase and the like: a rescue ref instead of a commit. */
  | { readonly do: 'rescue' }
  /** G3 */
  | { readonly do: 'push' }
  /** G4, one of the exits. */
  | { readonly do: 'submit' }
  | { readonly do: 'repin' }
  | { readonly do: 'close'; readonly reason: string }
  | { readonly do: 'close-unmerged' }
  | { readonly do: 'escalate'; readonly reason: string }
  | { readonly do: 'defer'; readonly reason: string };

export type DonePlan =
  | { readonly ok: true; readonly steps: readonly DoneStep[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly error: GtError };

/** Shortest reason that can say something. */
const REASON_LENGTH = 10;
const BEHIND_WARN = 50;
const BEHIND_REFUSE = 200;

/** Which exit of spec 11 G this is, and its steps. Pure; refusals change nothing. */
export function planDone(subject: DoneSubject, work: DoneWork, request: DoneRequest): DonePlan {
  const error =
    request.status === 'COMPLETED' ? refuseCompleted(subject, work, request) : refuseUnreasoned(request);
  if (error !== undefined) return { ok: false, error };
  const steps = stepsOf(subject, work, request);
  return { ok: true, steps, warnings: warningsOf(subject, work) };
}

function stepsOf(subject: DoneSubject, work: DoneWork, request: DoneRequest): readonly DoneStep[] {
  const save = saveSteps(work);
  const { reason = '' } = request;
  if (request.status === 'ESCALATED') return [...save, { do: 'escalate', reason }];
  if (request.status === 'DEFERRED') return [...save, { do: 'defer', reason }];
  if (!hasWork(work)) return [{ do: 'close', reason }];
  const commit: readonly DoneStep[] = leftovers(work).length > 0 ? [{ do: 'commit' }] : [];
  const { terms, conflict } = subject;
  if (conflict !== undefined) return [...commit, { do: 'push' }, { do: 'repin' }];
  if (terms.merge === 'local') return [...commit, { do: 'close-unmerged' }];
  const end: DoneStep = terms.noMerge || terms.reviewOnly ? { do: 'close-unmerged' } : { do: 'submit' };
  return [...commit, { do: 'push' }, end];
}

/** Unfinished work is kept where the next try finds it: on the pushed branch. */
function saveSteps(work: DoneWork): readonly DoneStep[] {
  if (work.status.operation !== undefined) return [{ do: 'rescue' }];
  const commit: readonly DoneStep[] = leftovers(work).length > 0 ? [{ do: 'commit' }] : [];
  return hasWork(work) ? [...commit, { do: 'push' }] : [];
}

/** Changed and new files that a commit would take. */
export function leftovers({ status }: Pick<DoneWork, 'status'>): readonly string[] {
  return [...status.changed, ...status.untracked].filter((path) => !isExcluded(path));
}

function isExcluded(path: string): boolean {
  return COMMIT_EXCLUDES.some((excluded) => path === excluded || path.startsWith(`${excluded}/`));
}

function hasWork(work: DoneWork): boolean {
  return work.ahead > 0 || leftovers(work).length > 0;
}

function refuseUnreasoned({ status, reason }: DoneRequest): GtError | undefined {
  return isReason(reason)
    ? undefined
    : usage('done.no-reason', `--status ${status} needs a reason of at least ${REASON_LENGTH} characters`);
}

function refuseCompleted(subject: DoneSubject, work: DoneWork, request: DoneRequest): GtError | undefined {
  return (
    refuseUnclear(work) ??
    refuseUnchanged(subject, work) ??
    (hasWork(work) ? refuseOutdated(work) : refuseEmpty(subject, request))
  );
}

function refuseUnclear({ status, target, worktree }: DoneWork): GtError | undefined {
  if (status.operation !== undefined) {
    return refuse(
      'done.operation',
      `a ${status.operation} is under way in ${worktree}`,
      `Finish it, or run: git ${status.operation} --abort`,
    );
  }
  if (status.branch === target) {
    return refuse(
      'done.on-target',
      `HEAD is on ${target}, the branch work lands on`,
      'Run: git switch - (back to your own branch)',
    );
  }
  if (status.stashes > 0) {
    const count = counted(status.stashes, 'stash entry', 'stash entries');
    return refuse(
      'done.stash',
      `${count} made here would not be handed in`,
      'Run: git stash pop, or git stash drop',
    );
  }
  return undefined;
}

/** A merge request that was sent back needs another head; the gates have judged this one (spec 11 G2). */
function refuseUnchanged({ evicted }: DoneSubject, work: DoneWork): GtError | undefined {
  if (evicted === undefined || evicted.commit !== work.head || leftovers(work).length > 0) return undefined;
  const why = evicted.evidence?.summary ?? 'see its evidence';
  return refuse(
    'done.unchanged',
    `unchanged since it was sent back: ${why}`,
    `Fix it and commit. The gates' output: gt mq explain ${evicted.id}`,
  );
}

function refuseOutdated({ behind, target }: DoneWork): GtError | undefined {
  return behind > BEHIND_REFUSE
    ? refuse(
        'done.far-behind',
        `your branch is ${behind}${behind >= 1000 ? ' or more' : ''} commits behind ${target}`,
        `Run: git fetch origin && git rebase origin/${target}`,
      )
    : undefined;
}

/** Nothing was changed: that is only an answer with a reason, and never with boxes left to tick (P7). */
function refuseEmpty({ bead }: DoneSubject, request: DoneRequest): GtError | undefined {
  if (!isReason(request.reason)) {
    return refuse(
      'done.no-commits',
      `${bead.id} has no commit: nothing to hand in`,
      `Do the work, or say why none is needed: gt done --reason "<at least ${REASON_LENGTH} characters>"`,
    );
  }
  const open = /^\s*[-*] \[ \] (.+)$/m.exec(bead.acceptanceCriteria)?.[1];
  return open === undefined
    ? undefined
    : refuse(
        'done.criteria-open',
        `${bead.id} has open acceptance criteria: ${open}`,
        'Do them, or use --status DEFERRED with a reason',
      );
}

function isReason(reason: string | undefined): boolean {
  return (reason?.trim().length ?? 0) >= REASON_LENGTH;
}

function warningsOf({ terms }: DoneSubject, { behind, target }: DoneWork): readonly string[] {
  return [
    ...(behind > BEHIND_WARN ? [`your branch is ${behind} commits behind ${target}`] : []),
    // Beads of the Go gt may ask for it.
    ...(terms.merge === 'direct'
      ? [`merge_strategy direct: it lands on ${target} through the merge queue`]
      : []),
  ];
}

function refuse(code: string, message: string, hint: string): GtError {
  return new RefusedError({ code, message, hint });
}

function usage(code: string, message: string): GtError {
  return new UsageError({ code, message, hint: 'Run: gt done --status DEFERRED --reason "<why>"' });
}
