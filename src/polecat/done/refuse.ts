import { RefusedError, UsageError } from '../../core/errors.ts';
import type { GtError } from '../../core/errors.ts';
import { counted, oneLine } from '../../core/text.ts';
import type { DoneSubject } from './facts.ts';
import type { DoneRequest } from './request.ts';
import { hasWork } from './work.ts';
import type { DoneWork } from './work.ts';

/** Shortest reason that can say why a change was not needed. */
const REASON_LENGTH = 10;
const BEHIND_REFUSE = 200;

/** Why this done is not done, or undefined. Pure. */
export function refuseDone(subject: DoneSubject, work: DoneWork, request: DoneRequest): GtError | undefined {
  if (request.status !== 'COMPLETED') return refuseUnreasoned(request);
  return (
    refuseUnclear(subject, work) ??
    refuseUnchanged(subject, work) ??
    (hasWork(work) ? refuseOutdated(work) : refuseEmpty(subject, request))
  );
}

function refuseUnreasoned({ status, reason = '' }: DoneRequest): GtError | undefined {
  if (reason.trim() !== '') return undefined;
  return new UsageError({
    code: 'done.no-reason',
    message: `--status ${status} needs a reason`,
    hint: `Run: gt done --status ${status} --reason "<why>"`,
  });
}

function refuseUnclear({ rig }: DoneSubject, { status, target, worktree }: DoneWork): GtError | undefined {
  if (status.operation !== undefined) {
    return refuse(
      'done.operation',
      `a ${status.operation} is under way in ${worktree}`,
      `Finish it, or run: git ${status.operation} --abort`,
    );
  }
  if (status.branch === target || status.branch === rig.defaultBranch) {
    return refuse(
      'done.on-target',
      `HEAD is on ${status.branch}, a branch that others land on`,
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
  if (evicted === undefined || evicted.commit !== work.head || work.leftovers.take.length > 0)
    return undefined;
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

/**
 * Nothing was changed: that is only an answer with a reason, and never with boxes left to tick (P7). Work that is
 * not to be merged may be words alone: a review, an answer.
 */
function refuseEmpty({ bead, terms }: DoneSubject, { reason }: DoneRequest): GtError | undefined {
  const isReasoned = (reason?.trim().length ?? 0) >= REASON_LENGTH;
  if (!isReasoned && !terms.noMerge && !terms.reviewOnly) {
    return refuse(
      'done.no-commits',
      `${bead.id} has no commit: nothing to hand in`,
      `Do the work, or say why none is needed: gt done --reason "<at least ${REASON_LENGTH} characters>"`,
    );
  }
  const open = openBox(bead);
  return open === undefined
    ? undefined
    : refuse(
        'done.criteria-open',
        `${bead.id} has open acceptance criteria: ${oneLine(open, 120)}`,
        'Do them, or use --status DEFERRED with a reason',
      );
}

/** The first box that is not ticked, among the criteria or under that heading of the description. */
function openBox({ acceptanceCriteria, description }: DoneSubject['bead']): string | undefined {
  let isCriteria = true;
  for (const line of [...acceptanceCriteria.split('\n'), '#', ...description.split('\n')]) {
    if (line.startsWith('#')) isCriteria = /^#+ *acceptance/i.test(line);
    const box = isCriteria ? /^\s*[-*+] \[ \] (.+)$/.exec(line)?.[1] : undefined;
    if (box !== undefined) return box;
  }
  return undefined;
}

function refuse(code: string, message: string, hint: string): GtError {
  return new RefusedError({ code, message, hint });
}
