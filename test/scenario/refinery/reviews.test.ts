import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listReviews } from '../../../src/beads/forms/review.ts';
import { pendingReviews, recordReview } from '../../../src/refinery/review.ts';
import type { ReviewRequest } from '../../../src/refinery/review.ts';
import { callJudges } from '../../../src/watchdog/judge.ts';
import { NEW_MEMORY } from '../../../src/watchdog/memory.ts';
import type { Memory } from '../../../src/watchdog/memory.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import { UnavailableError } from '../../../src/core/errors.ts';
import { readWanted, setAgentWanted, setRigWanted } from '../../../src/town/wanted.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';

/* What an agent finds about changes is kept and shown, and decides nothing. */

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

const review = (mr: string, more: Partial<ReviewRequest> = {}) =>
  recordReview(town.ctx, town.rig, { mr, score: 0.9, verdict: 'approve', text: 'Clear', ...more });
const pending = async () =>
  (await pendingReviews(town.ctx, town.rig)).map(({ mr, what }) => `${mr.id} ${what}`);
const alerts = async () =>
  (await town.ledger.list({ labels: ['gt:escalation'], notStatus: ['closed'] })).map(({ title }) => title);

describe('a review', () => {
  it('is kept with what it was about, in the form that tools around the Go gt read, and told to the issue', async () => {
    const { mr, head, issue } = await town.submit('ace', { 'a.txt': 'a\n' });
    await review(mr, { score: 0.82, verdict: 'request_changes', text: 'Names are odd' });
    const [kept] = await listReviews(town.ledger, { mr });
    expect(kept).toMatchObject({ mr, head, score: 0.82, verdict: 'request_changes', text: 'Names are odd' });
    const bead = await town.bead(kept?.id ?? '');
    expect(bead.status).toBe('closed');
    expect(bead.labels).toEqual(
      expect.arrayContaining([
        'type:plugin-run',
        'plugin:quality-review-result',
        `rig:${town.rig.name}`,
        'worker:ace',
        'score:0.82',
        'recommendation:request_changes',
      ]),
    );
    const comments = await town.ledger.comments(issue);
    expect(comments.map(({ text }) => text).join()).toContain('Names are odd');
  });

  it('never holds anything back: the worst judged change lands, and a person is told', async () => {
    const { mr } = await town.submit('ace', { 'a.txt': 'a\n' });
    await review(mr, { score: 0.1, verdict: 'reject', text: 'Does not do what it says' });
    expect(await alerts()).toEqual([expect.stringContaining('judged 0.1')]);
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([mr]);
  });

  it('of 0.45 or more tells nobody', async () => {
    const { mr } = await town.submit('ace', { 'a.txt': 'a\n' });
    await review(mr, { score: 0.45 });
    expect(await alerts()).toEqual([]);
  });

  it.each([
    ['a score above 1', { score: 1.5 }],
    ['no words', { text: ' ' }],
  ])('with %s is refused', async (_name, more) => {
    const { mr } = await town.submit('ace', { 'a.txt': 'a\n' });
    await expect(review(mr, more)).rejects.toMatchObject({ code: 'mq.bad-review' });
    expect(await listReviews(town.ledger, {})).toEqual([]);
  });
});

describe('what nobody has looked at', () => {
  it('is each change as it is now, landed or not; a new head and a failure after the look ask again', async () => {
    const good = await town.submit('ace', { 'a.txt': 'a\n' });
    const bad = await town.submit('bob', { 'b.txt': 'BAD\n' });
    expect(await pending()).toEqual([`${good.mr} judge`, `${bad.mr} judge`]);
    await review(good.mr);
    await review(bad.mr, { score: 0.5 });
    expect(await pending()).toEqual([]);
    await town.clock.advance(1000);
    await town.tick();
    expect(await pending()).toEqual([`${bad.mr} explain`]);
    await town.clock.advance(1000);
    await review(bad.mr, { score: undefined, verdict: undefined, text: 'The word BAD' });
    expect(await pending()).toEqual([]);
    await town.clock.advance(25 * 60 * 60_000);
    expect(await pending()).toEqual([]);
  });
});

describe('the agent that judges', () => {
  const said: string[] = [];
  let memory: Memory;
  let fails: boolean;
  beforeEach(() => {
    said.length = 0;
    memory = NEW_MEMORY;
    fails = false;
  });

  async function look(): Promise<readonly string[]> {
    const callJudge = async (_rig: unknown, message: string): Promise<void> => {
      if (fails) throw new UnavailableError({ code: 'session.will-not-stop', message: 'busy' });
      said.push(message);
    };
    const hands = { ...createHands(town.ctx), callJudge };
    const wanted = await readWanted(town.ctx);
    const report = await callJudges(town.ctx, hands, { rigs: [town.rig], wanted, memory });
    memory = { ...memory, judged: report.judged };
    return report.troubles;
  }

  it('P3: is told nothing, and so costs nothing, unless the rig asks for it', async () => {
    await town.submit('ace', { 'a.txt': 'a\n' });
    await look();
    expect(said).toEqual([]);
  });

  it('is told of each change once, whatever it does with it', async () => {
    await town.set({ test_command: 'run-gate', judgment_enabled: true });
    const { mr } = await town.submit('ace', { 'a.txt': 'a\n' });
    for (let n = 0; n < 5; n += 1) await look();
    expect(said).toEqual([expect.stringContaining(`${mr} (judge)`)]);
    const next = await town.submit('bob', { 'b.txt': 'BAD\n' });
    await look();
    await town.tick();
    for (let n = 0; n < 3; n += 1) await look();
    expect(said.slice(1)).toEqual([
      expect.stringContaining(`1 change to look at: ${next.mr} (judge)`),
      expect.stringContaining(`${next.mr} (explain)`),
    ]);
  });

  it('is left alone when a person has stopped it, or the rig is parked', async () => {
    await town.set({ test_command: 'run-gate', judgment_enabled: true });
    await town.submit('ace', { 'a.txt': 'a\n' });
    await setAgentWanted(town.ctx, { role: 'refinery', rig: town.rig.name }, 'down');
    await look();
    await setAgentWanted(town.ctx, { role: 'refinery', rig: town.rig.name }, undefined);
    await setRigWanted(town.ctx, town.rig.name, 'down');
    await look();
    expect(said).toEqual([]);
  });

  it('that cannot be told is tried again with growing pauses, and the trouble is named', async () => {
    await town.set({ test_command: 'run-gate', judgment_enabled: true });
    await town.submit('ace', { 'a.txt': 'a\n' });
    fails = true;
    expect(await look()).toEqual([expect.stringContaining('reviews: busy')]);
    expect(await look()).toEqual([]);
    await town.clock.advance(31_000);
    expect(await look()).toHaveLength(1);
    fails = false;
    await town.clock.advance(61_000);
    await look();
    expect(said).toHaveLength(1);
  });
});
