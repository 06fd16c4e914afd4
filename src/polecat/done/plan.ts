import type { GtError } from '../../core/errors.ts';
import { NOTHING_TO_REPAIR } from './conflict-task.ts';
import type { DoneSubject } from './facts.ts';
import { refuseDone } from './refuse.ts';
import type { DoneRequest } from './request.ts';
import { hasWork } from './work.ts';
import type { DoneWork } from './work.ts';

/** One step of handing in, after the intent was written (spec 11 G). */
export type DoneStep =
  /** G2: what lies uncommitted becomes a commit. */
  | { readonly do: 'commit' }
  /** G2: a rescue ref for what a commit cannot hold: a stash, a rebase under way and the like. */
  | { readonly do: 'rescue' }
  /** G3 */
  | { readonly do: 'push' }
  /** G3 of strategy direct: the target itself is moved, and read back. */
  | { readonly do: 'land' }
  /** G4, one of the exits. */
  | { readonly do: 'submit' }
  | { readonly do: 'repin' }
  | { readonly do: 'close'; readonly reason: string }
  | { readonly do: 'close-unmerged' }
  | { readonly do: 'close-landed' }
  | { readonly do: 'escalate'; readonly reason: string }
  | { readonly do: 'defer'; readonly reason: string };

export type ExitStep = Exclude<DoneStep, { readonly do: 'commit' | 'rescue' | 'push' | 'land' }>;

export type DonePlan =
  | {
      readonly ok: true;
      /** Before the exit, in order. */
      readonly steps: readonly Exclude<DoneStep, ExitStep>['do'][];
      readonly exit: ExitStep;
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly error: GtError };

const BEHIND_WARN = 50;

/** Which exit of spec 11 G this is, and its steps. Pure; refusals change nothing. */
export function planDone(subject: DoneSubject, work: DoneWork, request: DoneRequest): DonePlan {
  if (isLanded(subject, work)) return { ok: true, steps: [], exit: { do: 'close-landed' }, warnings: [] };
  const { conflict } = subject;
  if (request.status === 'COMPLETED' && conflict !== undefined && conflict.mr === undefined)
    return { ok: true, steps: [], exit: { do: 'close', reason: NOTHING_TO_REPAIR }, warnings: [] };
  const error = refuseDone(subject, work, request);
  if (error !== undefined) return { ok: false, error };
  const warnings = warningsOf(subject, work);
  const { reason = '' } = request;
  switch (request.status) {
    case 'ESCALATED':
      return { ok: true, steps: saveSteps(subject, work), exit: { do: 'escalate', reason }, warnings };
    case 'DEFERRED':
      return { ok: true, steps: saveSteps(subject, work), exit: { do: 'defer', reason }, warnings };
    case 'COMPLETED':
      return { ok: true, ...completed(subject, work, reason), warnings };
  }
}

/** An earlier try moved the target and died before it could say so: the base holds the work already. */
function isLanded({ intent, strategy }: DoneSubject, { head, target, ahead, leftovers }: DoneWork): boolean {
  const { landing } = intent ?? {};
  return (
    strategy === 'direct' &&
    landing?.commit === head &&
    landing.target === target &&
    ahead === 0 &&
    leftovers.take.length === 0
  );
}

type Steps = Pick<Extract<DonePlan, { ok: true }>, 'steps' | 'exit'>;

function completed({ terms, conflict, strategy }: DoneSubject, work: DoneWork, reason: string): Steps {
  if (!hasWork(work)) {
    return { steps: [], exit: reason === '' ? { do: 'close-unmerged' } : { do: 'close', reason } };
  }
  const commit = commitSteps(work);
  if (conflict !== undefined) return { steps: [...commit, 'push'], exit: { do: 'repin' } };
  if (terms.noMerge || terms.reviewOnly)
    return { steps: [...commit, 'push'], exit: { do: 'close-unmerged' } };
  switch (strategy) {
    case 'local':
      return { steps: commit, exit: { do: 'close-unmerged' } };
    case 'direct':
      return { steps: [...commit, 'land'], exit: { do: 'close-landed' } };
    case 'mr':
      return { steps: [...commit, 'push'], exit: { do: 'submit' } };
  }
}

/**
 * Unfinished work is kept where the next try finds it: on the pushed branch, with strategy local on the branch here.
 * What no commit can hold goes into a rescue ref.
 */
function saveSteps({ strategy }: DoneSubject, work: DoneWork): Steps['steps'] {
  const { operation, stashes } = work.status;
  if (operation !== undefined) return ['rescue'];
  const rescue = stashes > 0 ? (['rescue'] as const) : [];
  if (!hasWork(work)) return rescue;
  const publish = strategy === 'local' ? [] : (['push'] as const);
  return [...rescue, ...commitSteps(work), ...publish];
}

function commitSteps({ leftovers }: DoneWork): readonly 'commit'[] {
  return leftovers.take.length > 0 ? ['commit'] : [];
}

function warningsOf(
  { strategy, conflict, settings, terms }: DoneSubject,
  { behind, target, leftovers, isGone }: DoneWork,
): readonly string[] {
  const isQueued = strategy === 'mr' && !terms.noMerge && !terms.reviewOnly && conflict === undefined;
  return [
    ...(isGone ? ['the worktree is gone: what its branch holds is all there is'] : []),
    ...(behind > BEHIND_WARN ? [`your branch is ${behind} commits behind ${target}`] : []),
    ...leftovers.unsaid.slice(0, 3).map((path) => `${path} was changed and is not part of what is handed in`),
    ...(isQueued && settings.get('merge_queue.merge_strategy') === 'pr'
      ? ['this rig lands by pull request: the merge queue opens it']
      : []),
  ];
}
