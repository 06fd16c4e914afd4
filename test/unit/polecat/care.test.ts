import { describe, expect, test } from 'vitest';
import { known, unknownFact } from '../../../src/core/fact.ts';
import { parseSha } from '../../../src/core/names.ts';
import type { BranchProof } from '../../../src/hooks/branch-proof.ts';
import type { ReadableWorktree } from '../../../src/hooks/worktree-state.ts';
import { planBranches } from '../../../src/polecat/branches/plan.ts';
import type { BranchFacts, BranchSweep } from '../../../src/polecat/branches/plan.ts';
import { recoveryVerdict } from '../../../src/polecat/recovery.ts';
import type { RecoveryFacts } from '../../../src/polecat/recovery.ts';
import { judgeStale } from '../../../src/polecat/stale.ts';
import type { StaleFacts } from '../../../src/polecat/stale.ts';

const tip = parseSha('a'.repeat(40));
const tidy: ReadableWorktree = {
  kind: 'readable',
  branch: 'polecat/nux/gt-a@1',
  head: tip,
  changes: [],
  stashes: 0,
  operation: undefined,
  headSafe: true,
  unpushed: 0,
};
const unreadable = { kind: 'unreadable', why: 'broken' } as const;

describe('P2: may a polecat go', () => {
  const verdict = (facts: Partial<RecoveryFacts>) =>
    recoveryVerdict({
      worktree: tidy,
      branchAtRisk: false,
      ahead: false,
      issueClosed: false,
      submitted: known(false),
      ...facts,
    });

  test.each<readonly [string, Partial<RecoveryFacts>, string, string]>([
    ['nothing', {}, 'SAFE_TO_NUKE', 'clean'],
    ['no worktree', { worktree: { kind: 'absent' } }, 'SAFE_TO_NUKE', 'clean'],
    ['a changed file', { worktree: { ...tidy, changes: ['a'] } }, 'NEEDS_RECOVERY', 'has_uncommitted'],
    ['a rebase', { worktree: { ...tidy, operation: 'rebase' } }, 'NEEDS_RECOVERY', 'has_uncommitted'],
    ['a stash', { worktree: { ...tidy, stashes: 1 } }, 'NEEDS_RECOVERY', 'has_stash'],
    [
      'commits of its own',
      { worktree: { ...tidy, headSafe: false, unpushed: 2 } },
      'NEEDS_RECOVERY',
      'has_unpushed',
    ],
    [
      'a branch that only it has',
      { worktree: { kind: 'absent' }, branchAtRisk: true },
      'NEEDS_RECOVERY',
      'has_unpushed',
    ],
    ['files git cannot read', { worktree: unreadable }, 'NEEDS_RECOVERY', 'unknown'],
    ['pushed commits nobody handed in', { ahead: true }, 'NEEDS_MQ_SUBMIT', 'clean'],
    ['pushed commits in the queue', { ahead: true, submitted: known(true) }, 'SAFE_TO_NUKE', 'clean'],
    ['pushed commits of a closed issue', { ahead: true, issueClosed: true }, 'SAFE_TO_NUKE', 'clean'],
    [
      'pushed commits, queue unreadable',
      { ahead: true, submitted: unknownFact('x') },
      'NEEDS_RECOVERY',
      'clean',
    ],
  ])('that holds %s', (_what, facts, expected, status) => {
    expect(verdict(facts)).toMatchObject({ verdict: expected, cleanupStatus: status });
  });

  test('work that is nowhere else outweighs a closed issue and a merge request', () => {
    const worktree = { ...tidy, changes: ['a'] };
    expect(verdict({ worktree, issueClosed: true, submitted: known(true) }).verdict).toBe('NEEDS_RECOVERY');
  });

  test('what could not be looked at is unknown, not absent', () => {
    expect(verdict({ submitted: unknownFact('store down') }).mqStatus).toBe('unknown');
  });
});

describe('stale', () => {
  const judge = (facts: Partial<StaleFacts>) =>
    judgeStale({
      view: { verdict: { state: 'idle', reasons: [] }, seen: { kind: 'none' } },
      worktree: tidy,
      behind: 30,
      threshold: 20,
      ...facts,
    });
  const none = { seen: { kind: 'none' } } as const;
  const working = { verdict: { state: 'working', reasons: ['live'] }, ...none } as const;
  const ending = { verdict: { state: 'ending', reasons: ['to be released'] }, ...none } as const;

  test.each<readonly [string, Partial<StaleFacts>, boolean]>([
    ['idle and far behind', {}, true],
    ['just at the threshold', { behind: 20 }, true],
    ['a little behind', { behind: 19 }, false],
    ['at work', { view: working }, false],
    ['of unknown state', { view: { verdict: { state: 'unknown', reasons: ['x'] }, ...none } }, false],
    ['done and not released yet', { view: ending }, true],
    ['done, its session unreadable', { view: { ...ending, seen: { kind: 'unreadable', why: 'x' } } }, false],
    ['with a changed file', { worktree: { ...tidy, changes: ['a'] } }, false],
    ['with commits of its own', { worktree: { ...tidy, headSafe: false } }, false],
    ['unreadable', { worktree: unreadable }, false],
    ['without a worktree', { worktree: { kind: 'absent' }, behind: undefined }, false],
  ])('is one that is %s: %s', (_what, facts, stale) => {
    expect(judge(facts).isStale).toBe(stale);
  });
});

describe('P2: branches', () => {
  const proof = (by: BranchProof['by']): BranchProof =>
    ({ branch: 'b', tip, by, ref: undefined }) as unknown as BranchProof;
  const outcome = (facts: Partial<BranchFacts>, sweep: BranchSweep): string => {
    const branch = {
      name: 'b',
      where: 'local',
      tip,
      neededBy: undefined,
      proof: undefined,
      ...facts,
    } as const;
    const { steps, kept } = planBranches([branch], sweep);
    return steps[0]?.do ?? (kept[0] === undefined ? 'not looked at' : 'kept');
  };

  test.each<readonly [string, Partial<BranchFacts>, readonly [string, string, string]]>([
    ['has landed', { proof: proof('landed') }, ['delete-local', 'delete-local', 'delete-local']],
    ['is on the remote', { proof: proof('on the remote') }, ['delete-local', 'kept', 'kept']],
    ['is kept in a rescue ref', { proof: proof('kept') }, ['delete-local', 'kept', 'kept']],
    ['is nowhere else', {}, ['kept', 'kept', 'kept']],
    ['is needed', { proof: proof('landed'), neededBy: 'gt-1' }, ['kept', 'kept', 'kept']],
    [
      'is one of the remote that has landed',
      { where: 'remote', proof: proof('landed') },
      ['not looked at', 'not looked at', 'delete-remote'],
    ],
    ['is one of the remote that has not', { where: 'remote' }, ['not looked at', 'not looked at', 'kept']],
  ])('one that %s: gc, prune, prune --remote', (_what, facts, outcomes) => {
    expect([outcome(facts, 'gc'), outcome(facts, 'prune'), outcome(facts, 'prune-remote')]).toEqual(outcomes);
  });

  test('every deletion carries the proof it rests on', () => {
    const branch = { name: 'b', where: 'local', tip, neededBy: undefined, proof: proof('landed') } as const;
    expect(planBranches([branch], 'gc').steps).toMatchObject([{ proof: { tip, by: 'landed' } }]);
  });
});
