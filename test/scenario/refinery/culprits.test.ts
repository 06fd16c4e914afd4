import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSlingContexts } from '../../../src/beads/forms/sling-context.ts';
import { failOnBad, makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';
import type { Submitted } from './merge-town.ts';

const WORKERS = ['ace', 'bob', 'cat', 'dan', 'eve', 'fox', 'gus', 'hal'];

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

/** Eight changes queued before the engine looks, number `culprit` (from 1) of them bad. */
async function submitEight(culprit: number): Promise<readonly Submitted[]> {
  const all: Submitted[] = [];
  for (const [index, name] of WORKERS.entries()) {
    // Queued a second apart, so that the order is the one of submission.
    await town.clock.advance(1000);
    const text = index + 1 === culprit ? 'BAD\n' : 'good\n';
    all.push(await town.submit(name, { [`${name}.txt`]: text }));
  }
  return all;
}

describe('one bad change among eight', () => {
  const runs: number[] = [];
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'at position %i: it alone is sent back, seven land once each, in at most seven gate runs',
    async (culprit) => {
      const all = await submitEight(culprit);
      const report = await town.tick();
      const bad = all[culprit - 1]!;
      expect(report.evicted.map((item) => item.mr)).toEqual([bad.mr]);
      expect(report.landed).toHaveLength(7);
      expect(report.runs).toBeLessThanOrEqual(7);
      runs[culprit - 1] = report.runs;
      expect(new Set(await town.gateRuns()).size).toBeLessThanOrEqual(report.runs);
      const files = await town.origin.files('main');
      expect(Object.keys(files).sort()).toEqual(
        [
          'README.md',
          ...WORKERS.filter((_, index) => index + 1 !== culprit).map((name) => `${name}.txt`),
        ].sort(),
      );
      expect(await town.origin.messages('main')).toHaveLength(8);
      for (const work of all) {
        const closed = (await town.bead(work.issue)).status === 'closed';
        expect(closed).toBe(work !== bad);
      }
    },
  );

  it('takes at most 6.8 gate runs on average over the positions, confirming runs included', () => {
    expect(runs).toHaveLength(8);
    const mean = runs.reduce((sum, count) => sum + count, 0) / runs.length;
    expect(mean).toBeLessThanOrEqual(6.8);
  });
});

describe('what is sent back', () => {
  it('goes to a model again on the same branch, with the evidence', async () => {
    const work = await town.submit('nux', { 'a.txt': 'BAD\n' }, { metadata: { runtime: 'claude' } });
    await town.tick();
    expect(await town.bead(work.issue)).toMatchObject({ status: 'open', assignee: '' });
    const { contexts } = await openSlingContexts(town.ledger);
    expect(contexts).toMatchObject([
      {
        workBead: work.issue,
        rig: 'proj',
        agent: 'claude',
        worker: 'nux',
        vars: { prior_branch: work.branch, prior_failure: 'gate test failed: a.txt' },
      },
    ]);
    const mr = await town.mr(work.mr);
    expect(mr).toMatchObject({
      phase: 'evicted',
      evidence: { cause: 'red', gate: 'test', failure: 'code', failing: ['a.txt'], reds: 2, head: work.head },
    });
    expect(mr.bead).toMatchObject({ status: 'open', assignee: '' });
    const log = await town.files.readText(mr.evidence!.logs![0]!);
    expect(log).toContain('not ok 1 - a.txt');
    const [comment] = await town.ledger.comments(work.issue);
    expect(comment?.text).toContain('gate test failed: a.txt');
  });

  it('blocks a script’s bead: a script cannot rework it', async () => {
    const script = { cmd: 'make docs', by: 'overseer', at: '2026-01-01T00:00:00Z' };
    const work = await town.submit('nux', { 'a.txt': 'BAD\n' }, { metadata: { script } });
    await town.tick();
    expect(await town.bead(work.issue)).toMatchObject({ status: 'blocked', assignee: '' });
    expect((await openSlingContexts(town.ledger)).contexts).toEqual([]);
    const [comment] = await town.ledger.comments(work.issue);
    expect(comment?.text).toContain('Escalated: a script cannot rework it');
  });

  it('blocks a bead at its third attempt instead of sending it back for ever', async () => {
    const work = await town.submit('nux', { 'a.txt': 'BAD 1\n' });
    await town.tick();
    for (const text of ['BAD 2\n', 'BAD 3\n']) {
      await town.ledger.transaction('x', async (tx) => {
        await tx.update(work.issue, { status: 'in_progress', assignee: 'proj/polecats/nux' });
      });
      await town.submit('nux', { 'a.txt': text }, { branch: work.branch, issue: work.issue });
      await town.tick();
    }
    expect((await town.bead(work.issue)).status).toBe('blocked');
    expect((await town.mr(work.mr)).retryCount).toBe(2);
  });

  it('P11: stays out of the queue, and costs no further runs, until a new head comes', async () => {
    const work = await town.submit('nux', { 'a.txt': 'BAD\n' });
    await town.tick();
    const runs = (await town.gateRuns()).length;
    for (let pass = 0; pass < 20; pass += 1) expect((await town.tick()).state).toBe('idle');
    expect(await town.gateRuns()).toHaveLength(runs);
    await town.submit('nux', { 'a.txt': 'good\n' }, { branch: work.branch, issue: work.issue });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([work.mr]);
  });

  it('half-finished commits pushed to its branch do not bring it back', async () => {
    const work = await town.submit('nux', { 'a.txt': 'BAD\n' });
    await town.tick();
    await town.origin.commit(work.branch, { 'a.txt': 'half\n' });
    expect((await town.tick()).state).toBe('idle');
  });
});

describe('red runs that are nobody’s fault', () => {
  it('a gate that fails once and then passes on the same files is flaky: the change lands', async () => {
    const failed = new Set<string>();
    town.gate((call) => {
      if (failed.has(call.tree)) return failOnBad(call);
      failed.add(call.tree);
      return { code: 1, stdout: 'not ok 1 - sometimes' };
    });
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const report = await town.settle();
    expect(report.flatMap((pass) => pass.landed).map((item) => item.mr)).toEqual([work.mr]);
    expect(report.flatMap((pass) => pass.evicted)).toEqual([]);
  });

  it('P8: a red target sends nobody back for it; the change that mends it lands, and then the others', async () => {
    await town.origin.commit('main', { 'broken.txt': 'BAD\n' });
    const innocent = await town.submit('ace', { 'a.txt': 'a\n' }, { priority: 1 });
    const guilty = await town.submit('bob', { 'b.txt': 'BAD\n' }, { priority: 2 });
    const fix = await town.submit('cat', { 'broken.txt': 'mended\n' }, { priority: 3 });
    const reports = await town.settle();
    const landed = reports.flatMap((report) => report.landed).map((item) => item.mr);
    expect(landed).toEqual([fix.mr, innocent.mr]);
    expect(reports.flatMap((report) => report.evicted).map((item) => item.mr)).toEqual([guilty.mr]);
  });

  it('a mend and what came before it land together when they pass together', async () => {
    await town.origin.commit('main', { 'broken.txt': 'BAD\n' });
    await town.submit('ace', { 'a.txt': 'a\n' }, { priority: 1 });
    await town.submit('bob', { 'broken.txt': 'mended\n' });
    expect(await town.tick()).toMatchObject({ runs: 1, landed: [{}, {}], evicted: [] });
  });

  it('P11: a target that stays red raises one bug, however often the queue looks', async () => {
    await town.origin.commit('main', { 'broken.txt': 'BAD\n' });
    await town.submit('ace', { 'a.txt': 'a\n' });
    for (let pass = 0; pass < 10; pass += 1) {
      const report = await town.tick();
      expect(report.landed).toEqual([]);
      expect(report.waiting.join()).toContain('fails its own gates');
    }
    const bugs = await town.ledger.list({ labels: ['gt:bug'] });
    expect(bugs).toMatchObject([{ type: 'bug', priority: 0, status: 'open' }]);
    expect((await town.gateRuns()).length).toBeLessThan(6);
  });

  it('closes the bug once the target has moved on', async () => {
    await town.origin.commit('main', { 'broken.txt': 'BAD\n' });
    await town.submit('ace', { 'a.txt': 'a\n' });
    await town.tick();
    await town.origin.commit('main', { 'broken.txt': 'mended\n' });
    const report = await town.tick();
    expect(report.landed).toHaveLength(1);
    expect(await town.ledger.list({ labels: ['gt:bug'], notStatus: ['closed'] })).toEqual([]);
  });

  it('P8: a gate that cannot run merges nothing, blames nobody, and after three tries pauses with one alert', async () => {
    town.gate(() => ({ code: 127, stderr: 'sh: pytest: not found' }));
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    for (let pass = 0; pass < 12; pass += 1) {
      await town.tick();
      await town.clock.advance(600_000);
    }
    expect((await town.mr(work.mr)).phase).not.toBe('evicted');
    expect((await town.bead(work.issue)).status).toBe('in_progress');
    const lane = await town.lane();
    expect(lane.paused).toMatchObject({ cause: 'infra', why: expect.stringContaining('pytest') });
    expect(await town.ledger.list({ labels: ['gt:escalation'] })).toHaveLength(1);
  });

  it('a change that removes the gate’s own command is blamed, not the machine', async () => {
    await town.origin.commit('main', { 'check.sh': 'exit 0\n' });
    town.gate(({ files }) =>
      'check.sh' in files ? { code: 0 } : { code: 127, stderr: './check.sh: not found' },
    );
    const good = await town.submit('ace', { 'a.txt': 'a\n' });
    const bad = await town.submit('bob', { 'check.sh': null });
    const reports = await town.settle();
    expect(reports.flatMap((report) => report.evicted).map((item) => item.mr)).toEqual([bad.mr]);
    expect(reports.flatMap((report) => report.landed).map((item) => item.mr)).toEqual([good.mr]);
  });

  it('a command that is gone for a while blames nobody, although the target has passed with it before', async () => {
    await town.submit('ace', { 'a.txt': 'a\n' });
    await town.tick();
    let gone = 2;
    town.gate((call) => {
      gone -= 1;
      return gone >= 0 ? { code: 127, stderr: 'sh: pytest: not found' } : failOnBad(call);
    });
    const work = await town.submit('bob', { 'b.txt': 'b\n' });
    const report = await town.tick();
    expect(report).toMatchObject({ evicted: [], landed: [] });
    await town.clock.advance(60_000);
    await town.settle();
    expect((await town.mr(work.mr)).phase).toBe('done');
  });

  it('a full disk and an out-of-memory kill wait and try again', async () => {
    let calls = 0;
    town.gate(() => {
      calls += 1;
      if (calls === 1) return { code: 1, stderr: 'write error: No space left on device' };
      return calls === 2 ? { signal: 'SIGKILL' } : { code: 0 };
    });
    await town.submit('nux', { 'a.txt': 'a\n' });
    const first = await town.tick();
    expect(first.landed).toEqual([]);
    expect(first.retryAt).toBeDefined();
    expect(await town.tick()).toMatchObject({ landed: [], runs: 0 });
    await town.clock.advance(600_000);
    await town.tick();
    await town.clock.advance(600_000);
    expect((await town.tick()).landed).toHaveLength(1);
  });

  it('a gate that hangs is ended at its limit and its change sent back', async () => {
    await town.submit('ace', { 'z.txt': 'z\n' });
    await town.tick();
    town.gate(({ files }) => ('hang.txt' in files ? { hang: true } : { code: 0 }));
    const work = await town.submit('nux', { 'hang.txt': 'x\n' });
    const report = await town.clock.drive(town.tick());
    expect(report.evicted).toMatchObject([{ mr: work.mr, why: 'gate test timed out' }]);
  });

  it('a gate that changes tracked files is no pass, even with exit 0', async () => {
    await town.submit('ace', { 'z.txt': 'z\n' });
    await town.tick();
    town.gate(async ({ files, worktree }) => {
      if ('ugly.txt' in files) await town.files.writeAtomic(`${worktree}/ugly.txt`, 'formatted\n');
      return { code: 0 };
    });
    const work = await town.submit('nux', { 'ugly.txt': 'ugly\n' });
    const report = await town.tick();
    expect(report.evicted.map((item) => item.mr)).toEqual([work.mr]);
    expect((await town.mr(work.mr)).evidence).toMatchObject({ failure: 'dirty' });
  });

  it('what a gate leaves lying around does not reach the next run', async () => {
    town.gate(async (call) => {
      const seen = 'left-over.txt' in call.files;
      await town.files.writeAtomic(`${call.worktree}/left-over.txt`, 'x');
      return seen ? { code: 1, stdout: 'left-over seen' } : failOnBad(call);
    });
    await town.submit('ace', { 'a.txt': 'a\n' });
    await town.tick();
    await town.submit('bob', { 'b.txt': 'b\n' });
    expect((await town.tick()).landed).toHaveLength(1);
  });

  it('two changes that only fail together: the first lands, the second is sent back', async () => {
    town.gate(({ files }) =>
      'x.txt' in files && 'y.txt' in files ? { code: 1, stdout: 'clash' } : { code: 0 },
    );
    const first = await town.submit('ace', { 'x.txt': 'x\n' });
    await town.clock.advance(1000);
    const second = await town.submit('bob', { 'y.txt': 'y\n' });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([first.mr]);
    expect(report.evicted.map((item) => item.mr)).toEqual([second.mr]);
  });
});

describe('several slots', () => {
  it.each([1, 4, 8])('with four slots, a culprit at %i is still the only one sent back', async (culprit) => {
    await town.set({ test_command: 'run-gate', max_concurrent: 4 });
    const all = await submitEight(culprit);
    const report = await town.tick();
    expect(report.evicted.map((item) => item.mr)).toEqual([all[culprit - 1]!.mr]);
    expect(report.landed).toHaveLength(7);
  });
});
