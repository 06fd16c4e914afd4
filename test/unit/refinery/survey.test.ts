import { describe, expect, it } from 'vitest';
import { isActionable, ofLane, surveyLane } from '../../../src/refinery/survey.ts';
import type { BranchFacts } from '../../../src/refinery/survey.ts';
import { makeRequest, shaOf } from './requests.ts';

const LANE = { rig: 'proj', target: 'main', defaultBranch: 'main' };

describe('which merge requests a lane works on', () => {
  it.each([
    ['of this rig', makeRequest('pj-1'), true],
    ['whatever the case of its name', makeRequest('pj-1', { rig: 'PROJ' }), true],
    ['of no named rig (old rows)', makeRequest('pj-1', { rig: undefined }), true],
    ['of another rig', makeRequest('pj-1', { rig: 'other' }), false],
    ['for another target', makeRequest('pj-1', { target: 'release' }), false],
    ['of a convoy that lands by itself', makeRequest('pj-1', {}, { labels: ['gt:owned-direct'] }), false],
    ['whose branch is the target', makeRequest('pj-1', { branch: 'main' }), false],
    ['P26: whose branch reads as an option', makeRequest('pj-1', { branch: '--force' }), false],
  ])('%s', (_, mr, wanted) => {
    expect(ofLane([mr], LANE)).toEqual(wanted ? [mr] : []);
  });
});

describe('what may happen to a merge request', () => {
  const facts = (remote: number | undefined, hasPinned = true): BranchFacts => ({
    remoteTip: remote === undefined ? undefined : shaOf(remote),
    hasPinned,
    isHeld: false,
  });
  const judge = (mr: ReturnType<typeof makeRequest>, branch: BranchFacts): string => {
    const { candidates, standing, missing } = surveyLane([mr], new Map([[mr.id, branch]]));
    const [candidate] = candidates;
    if (candidate !== undefined) return `candidate ${Number.parseInt(candidate.head, 16)}`;
    return standing.length > 0 ? 'standing' : missing.length > 0 ? 'missing' : 'nothing';
  };

  it.each([
    ['queued, as pinned', makeRequest('pj-1'), facts(1), 'candidate 1'],
    ['queued, the branch moved', makeRequest('pj-1'), facts(2), 'candidate 2'],
    [
      'queued, nothing pinned (old row)',
      makeRequest('pj-1', { commit: undefined }),
      facts(2, false),
      'candidate 2',
    ],
    ['branch deleted, commit still here', makeRequest('pj-1'), facts(undefined), 'candidate 1'],
    ['branch and commit gone', makeRequest('pj-1'), facts(undefined, false), 'missing'],
    ['sent back', makeRequest('pj-1', { phase: 'evicted' }), facts(1), 'standing'],
    ['sent back, the branch moved', makeRequest('pj-1', { phase: 'evicted' }), facts(2), 'standing'],
    [
      'sent back, then deleted',
      makeRequest('pj-1', { phase: 'evicted' }),
      facts(undefined, false),
      'nothing',
    ],
    [
      'conflict task open',
      makeRequest('pj-1', { phase: 'blocked' }, { isBlocked: true }),
      facts(2),
      'standing',
    ],
    [
      'conflict task closed',
      makeRequest('pj-1', { phase: 'blocked', conflictTaskId: makeRequest('pj-9').id }),
      facts(1),
      'candidate 1',
    ],
    ['blocked for another reason', makeRequest('pj-1', { phase: 'blocked' }), facts(1), 'standing'],
    [
      'blocked for another reason, new head',
      makeRequest('pj-1', { phase: 'blocked' }),
      facts(2),
      'candidate 2',
    ],
    ['missing, and back again', makeRequest('pj-1', { phase: 'missing' }), facts(1), 'candidate 1'],
    ['deferred', makeRequest('pj-1', { phase: 'deferred' }), facts(1), 'candidate 1'],
  ])('%s', (_, mr, branch, wanted) => {
    expect(judge(mr, branch)).toBe(wanted);
  });

  it('P11: what was sent back, or waits for a task, is no reason for a pass', () => {
    expect(isActionable(makeRequest('pj-1', { phase: 'evicted' }))).toBe(false);
    expect(isActionable(makeRequest('pj-1', { phase: 'blocked' }, { isBlocked: true }))).toBe(false);
    expect(isActionable(makeRequest('pj-1'))).toBe(true);
  });
});
