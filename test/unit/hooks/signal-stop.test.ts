import { describe, expect, test } from 'vitest';
import type { Bead } from '../../../src/beads/types.ts';
import { decideStop } from '../../../src/hooks/signal-stop.ts';
import type { StopFacts } from '../../../src/hooks/signal-stop.ts';

const NOTHING: StopFacts = { nudges: undefined, held: [], hasCommits: false, told: new Set() };

function held(status: 'hooked' | 'in_progress', token = 'T1'): readonly Bead[] {
  return [{ id: 'pj-1', title: 'Add a page', status, metadata: { dispatch: token } } as unknown as Bead];
}

/** What it says when its turn ends again and again, remembering what it was told. */
function untilApproved(facts: StopFacts): readonly string[] {
  const told = new Set(facts.told);
  const said: string[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const { verdict, key } = decideStop({ ...facts, told });
    if (verdict.decision === 'approve') return said;
    said.push(verdict.reason);
    if (key !== undefined) told.add(key);
  }
  throw new Error('it is never allowed to stop');
}

describe("the end of an agent's turn", () => {
  test('is let be when nothing waits', () => {
    expect(decideStop(NOTHING).verdict).toEqual({ decision: 'approve' });
    expect(decideStop({ ...NOTHING, held: held('in_progress') }).verdict).toEqual({ decision: 'approve' });
  });

  test('hands over waiting messages before anything else', () => {
    const facts = { ...NOTHING, nudges: 'mayor: please rebase', held: held('hooked'), hasCommits: true };
    expect(decideStop(facts).verdict).toEqual({ decision: 'block', reason: 'mayor: please rebase' });
  });

  test('P7: tells of new work once, and once to hand in what has commits; it never blocks for ever', () => {
    const [news, reminder, ...more] = untilApproved({ ...NOTHING, held: held('hooked'), hasCommits: true });
    expect(news).toContain('New work on your hook: pj-1 (Add a page)');
    expect(reminder).toContain('gt done');
    expect(more).toEqual([]);
  });

  test('tells anew when the same bead was slung again', () => {
    const { key } = decideStop({ ...NOTHING, held: held('hooked') });
    const again = { ...NOTHING, held: held('hooked', 'T2'), told: new Set([key ?? '']) };
    expect(decideStop(again).verdict).toMatchObject({ decision: 'block' });
  });

  test('does not tell a worker of the bead it already works on', () => {
    expect(untilApproved({ ...NOTHING, held: held('in_progress'), hasCommits: true })).toHaveLength(1);
  });
});
