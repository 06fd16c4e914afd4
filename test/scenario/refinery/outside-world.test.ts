import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeMergeRequest, submitMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import { pauseLane, resumeLane } from '../../../src/refinery/pause.ts';
import { tickRefinery } from '../../../src/refinery/tick.ts';
import { createFakeLocks } from '../../fakes/locks.ts';
import { auditQueue } from './audit.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

/** Something happens once, at a named step of the next pass. */
function onceAt(step: string, when: 'before' | 'after', act: () => void) {
  let done = false;
  return town.as({}, (at, moment) => {
    if (done || at !== step || moment !== when) return;
    done = true;
    act();
  });
}

describe('somebody else pushes to the target', () => {
  it('between proof and push: their commit stays, the change is proven again on top of it', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const report = await onceAt('H3', 'after', () => {
      town.remote.commit('main', { 'foreign.txt': 'x\n' }, 'Foreign');
    }).tick();
    expect(report).toMatchObject({ runs: 2, landed: [{ mr: work.mr }] });
    expect(await town.origin.files('main')).toHaveProperty('foreign.txt');
    expect(await auditQueue(town, [work])).toEqual([]);
  });

  it('in the very moment of the push: the push loses, nothing of theirs is overwritten', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const report = await onceAt('H5', 'before', () => {
      town.remote.commit('main', { 'foreign.txt': 'x\n' }, 'Foreign');
    }).tick();
    expect(report.landed.map((item) => item.mr)).toEqual([work.mr]);
    const messages = await town.origin.messages('main');
    expect(messages[0]).toContain(`Gt-MR: ${work.mr}`);
    expect(messages[1]).toBe('Foreign');
    expect((await town.mr(work.mr)).retryCount).toBe(0);
  });

  it('right after the push: the landing is recognised underneath their commit', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await onceAt('H5', 'after', () => {
      town.remote.commit('main', { 'foreign.txt': 'x\n' }, 'Foreign');
    }).tick();
    await town.settle();
    expect(await auditQueue(town, [work])).toEqual([]);
    expect(await town.origin.messages('main')).toHaveLength(3);
  });

  it('again and again: the pass gives way after three losses and goes on later', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    let pushes = 0;
    const busy = town.as({}, (step, when) => {
      if (step !== 'H5' || when !== 'before' || pushes >= 3) return;
      pushes += 1;
      town.remote.commit('main', { [`foreign-${pushes}.txt`]: 'x\n' }, 'Foreign');
    });
    const report = await busy.tick();
    expect(report.waiting.join()).toContain('came second');
    expect(report.landed).toEqual([]);
    await town.settle();
    expect(await auditQueue(town, [work])).toEqual([]);
  });
});

describe('pushes that answer wrongly', () => {
  it('a push that lands and reports failure is landed once', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    town.remote.onPush((spec, apply) => {
      apply();
      return { pushed: false, cause: 'timeout', why: `no answer for ${spec.updates.length} refs` };
    });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([work.mr]);
    expect(await auditQueue(town, [work])).toEqual([]);
  });

  it('a push that reports success without effect is not called merged', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    town.remote.onPush(() => ({ pushed: true }));
    const report = await town.tick();
    expect(report.landed).toEqual([]);
    expect(report.waiting.join()).toContain('accepted without effect');
    expect((await town.bead(work.issue)).status).toBe('in_progress');
    town.remote.onPush(undefined);
    await town.clock.advance(600_000);
    await town.settle();
    expect(await auditQueue(town, [work])).toEqual([]);
  });

  it('P11: a remote that refuses every push pauses the lane with one alert', async () => {
    await town.submit('nux', { 'a.txt': 'a\n' });
    town.remote.onPush(() => ({ pushed: false, cause: 'rejected', why: 'protected branch' }));
    for (let pass = 0; pass < 10; pass += 1) {
      await town.tick();
      await town.clock.advance(600_000);
    }
    expect((await town.lane()).paused?.why).toContain('protected branch');
    expect(await town.ledger.list({ labels: ['gt:escalation'] })).toHaveLength(1);
    expect((await town.gateRuns()).length).toBe(1);
  });

  it('a remote that does not answer changes nothing, and the queue goes on when it is back', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    town.remote.goOffline();
    const report = await town.tick();
    expect(report.waiting).toHaveLength(1);
    expect((await town.mr(work.mr)).phase).toBe('queued');
    town.remote.goOnline();
    expect((await town.tick()).landed).toHaveLength(1);
  });

  it('a remote that goes away between push and read-back: decided when it is back', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const report = await onceAt('H5', 'after', () => town.remote.goOffline()).tick();
    expect(report.landed).toEqual([]);
    expect((await town.lane()).intent).toBeDefined();
    expect((await town.bead(work.issue)).status).toBe('in_progress');
    town.remote.goOnline();
    await town.settle();
    expect(await auditQueue(town, [work])).toEqual([]);
  });
});

describe('a rig that pushes to a fork', () => {
  it('P30: lands on the fork, by what the fork says, and leaves the project it came from alone', async () => {
    const fork = town.git.createRemote('/remotes/fork.git');
    const before = await town.origin.head('main');
    fork.setBranch('polecat/nux/x', fork.head('main'));
    const head = fork.commit('polecat/nux/x', { 'a.txt': 'a\n' });
    await town.ledger.transaction('x', (tx) =>
      submitMergeRequest(tx, { rig: town.rig.name, branch: 'polecat/nux/x', target: 'main', commit: head }),
    );
    const rig = { ...town.rig, pushUrl: fork.url };
    const report = await tickRefinery(town.ctx, rig, { signal: new AbortController().signal });
    expect(report.landed).toHaveLength(1);
    expect(fork.filesOf('main')).toHaveProperty('a.txt');
    expect(fork.branches()).toEqual(['main']);
    expect(await town.origin.head('main')).toBe(before);
  });
});

describe('history rewritten', () => {
  it('a target that lost what was landed pauses the lane; nothing is landed again until a person says so', async () => {
    const start = await town.origin.head('main');
    await town.submit('ace', { 'a.txt': 'a\n' });
    await town.tick();
    await town.origin.setBranch('main', start);
    await town.origin.commit('main', { 'other.txt': 'x\n' });
    const next = await town.submit('bob', { 'b.txt': 'b\n' });
    for (let pass = 0; pass < 3; pass += 1) expect((await town.tick()).landed).toEqual([]);
    expect((await town.lane()).paused).toMatchObject({ cause: 'rewritten' });
    expect(await town.ledger.list({ labels: ['gt:escalation'] })).toHaveLength(1);
    await resumeLane(town.ctx, town.rig, 'main');
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([next.mr]);
    expect(await town.origin.files('main')).not.toHaveProperty('a.txt');
  });
});

describe('branches that change or vanish', () => {
  it('a missing branch and commit are said once; other merge requests go on', async () => {
    const gone = await town.submit('ace', { 'a.txt': 'a\n' });
    await town.origin.setBranch(gone.branch, undefined);
    const other = await town.submit('bob', { 'b.txt': 'b\n' });
    const first = await town.tick();
    expect(first.landed.map((item) => item.mr)).toEqual([other.mr]);
    expect(first.warnings.join()).toContain('BRANCH_MISSING');
    expect(await town.mr(gone.mr)).toMatchObject({ phase: 'missing', bead: { status: 'open' } });
    expect((await town.tick()).warnings).toEqual([]);
    await town.origin.setBranch(gone.branch, gone.head);
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([gone.mr]);
  });

  it('a branch deleted after it was fetched still lands: the pinned commit is kept', async () => {
    const work = await town.submit('ace', { 'a.txt': 'BAD\n' });
    await town.tick();
    await town.origin.setBranch(work.branch, undefined);
    town.gate(() => ({ code: 0 }));
    const { retryMergeRequest } = await import('../../../src/refinery/manage.ts');
    await retryMergeRequest(town.ctx, town.rig, work.mr);
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([work.mr]);
  });

  it('a new head while the proof runs is not landed unproven', async () => {
    const work = await town.submit('ace', { 'a.txt': 'a\n' });
    const report = await onceAt('H3', 'after', () => {
      town.remote.commit(work.branch, { 'a.txt': 'second\n' });
    }).tick();
    expect(report.runs).toBe(2);
    expect(await town.origin.files('main')).toMatchObject({ 'a.txt': 'second\n' });
    expect((await town.mr(work.mr)).commit).not.toBe(work.head);
  });

  it('a new head submitted during the push stays in the queue and lands next', async () => {
    const work = await town.submit('ace', { 'a.txt': 'a\n' });
    let second: Promise<unknown> = Promise.resolve();
    const other = onceAt('H5', 'after', () => {
      const head = town.remote.commit(work.branch, { 'b.txt': 'b\n' });
      second = town.ledger.transaction('x', (tx) =>
        submitMergeRequest(tx, { rig: town.rig.name, branch: work.branch, target: 'main', commit: head }),
      );
    });
    await other.tick();
    await second;
    await town.settle();
    expect(await town.origin.files('main')).toMatchObject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    expect(await town.mr(work.mr)).toMatchObject({ phase: 'done' });
    expect((await town.bead(work.issue)).status).toBe('closed');
  });

  it('one rejected while it was proven is not landed', async () => {
    const work = await town.submit('ace', { 'a.txt': 'a\n' });
    let closing: Promise<unknown> = Promise.resolve();
    const other = onceAt('H3', 'before', () => {
      closing = town.ledger.transaction('x', (tx) =>
        closeMergeRequest(tx, { id: work.mr }, { phase: 'rejected', reason: 'rejected: no' }),
      );
    });
    await other.tick();
    await closing;
    expect(await town.origin.files('main')).not.toHaveProperty('a.txt');
    expect((await town.mr(work.mr)).phase).toBe('rejected');
  });

  it('P26: a branch name that could be an option or a path is never handed to git', async () => {
    const head = (await town.origin.head('main'))!;
    for (const branch of ['--upload-pack=touch /tmp/x', '../../x', 'a b', 'x.lock', '@{-1}', 'main']) {
      await town.ledger.transaction('x', (tx) =>
        submitMergeRequest(tx, { rig: town.rig.name, branch, target: 'main', commit: head }),
      );
    }
    const report = await town.tick();
    expect(report.landed).toEqual([]);
    expect(await town.gateRuns()).toEqual([]);
  });
});

describe('two engines', () => {
  it('P8: the second one of a machine leaves the queue alone and says who works', async () => {
    await town.submit('ace', { 'a.txt': 'a\n' });
    const second = town.as({ locks: town.locks.asProcess(2000) });
    let report: unknown;
    town.gate(async () => {
      report = await second.tick();
      return { code: 0 };
    });
    expect((await town.tick()).landed).toHaveLength(1);
    expect(report).toMatchObject({ state: 'held', landed: [] });
    expect(await town.gateRuns()).toHaveLength(1);
  });

  it('one on another machine waits for the lease of the first', async () => {
    await town.submit('ace', { 'a.txt': 'a\n' });
    const locks = createFakeLocks({ clock: town.clock });
    const elsewhere = town.as({
      locks: {
        acquire: (name, options) => locks.acquire(name, options),
        holder: async (name) => ({ ...(await locks.holder(name))!, host: 'other' }),
      },
    });
    let report: unknown;
    town.gate(async () => {
      report ??= await elsewhere.tick();
      return { code: 0 };
    });
    expect((await town.tick()).landed).toHaveLength(1);
    expect(report).toMatchObject({ landed: [], waiting: [expect.stringContaining('is worked by fake:')] });
  });

  it('an engine that lost its lane stops before it pushes', async () => {
    const work = await town.submit('ace', { 'a.txt': 'a\n' });
    town.gate(async () => {
      await pauseLane(town.ctx, town.rig, { target: 'main', why: 'release day' });
      return { code: 0 };
    });
    const report = await town.tick();
    expect(report).toMatchObject({ state: 'lost', landed: [] });
    expect(await town.origin.files('main')).not.toHaveProperty('a.txt');
    expect((await town.tick()).waiting.join()).toContain('release day');
    await resumeLane(town.ctx, town.rig, 'main');
    town.gate(() => ({ code: 0 }));
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([work.mr]);
  });
});

describe('a pass told to end', () => {
  it('stops its gates, lands nothing half, and the next pass carries on', async () => {
    const work = await town.submit('ace', { 'a.txt': 'a\n' });
    const stop = new AbortController();
    town.gate(() => {
      setImmediate(() => stop.abort());
      return { hang: true };
    });
    const report = await town.tick(stop.signal);
    expect(report).toMatchObject({ state: 'stopped', landed: [], evicted: [] });
    town.gate(() => ({ code: 0 }));
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([work.mr]);
  });
});
