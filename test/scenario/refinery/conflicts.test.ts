import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeSlingContexts, openSlingContexts } from '../../../src/beads/forms/sling-context.ts';
import { submitMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import type { Sha } from '../../../src/core/names.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';
import type { Submitted } from './merge-town.ts';

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown({ 'shared.txt': 'one\ntwo\nthree\n' });
});
afterEach(() => town.close());

async function conflictingPair(): Promise<readonly [Submitted, Submitted]> {
  const first = await town.submit('ace', { 'shared.txt': 'one\nACE\nthree\n' });
  await town.clock.advance(1000);
  const second = await town.submit(
    'bob',
    { 'shared.txt': 'one\nBOB\nthree\n' },
    { metadata: { runtime: 'claude' } },
  );
  return [first, second];
}

describe('two changes of the same lines', () => {
  it('the first lands, the second gets one conflict task, and the queue goes on', async () => {
    const [first, second] = await conflictingPair();
    await town.clock.advance(1000);
    const third = await town.submit('cat', { 'c.txt': 'c\n' });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr).sort()).toEqual([first.mr, third.mr].sort());
    expect(report.conflicts).toMatchObject([{ mr: second.mr, paths: ['shared.txt'] }]);
    const mr = await town.mr(second.mr);
    expect(mr).toMatchObject({ phase: 'blocked', retryCount: 1, evidence: { cause: 'conflict' } });
    expect(mr.conflictTaskId).toBe(report.conflicts[0]?.task);
    const task = await town.bead(mr.conflictTaskId!);
    expect(task).toMatchObject({
      title: 'Resolve merge conflicts: Work of bob',
      type: 'task',
      labels: ['gt:task'],
      status: 'open',
      metadata: { conflict_of: second.mr, branch: second.branch },
    });
    expect(task.description).toContain(`- Branch: ${second.branch}\n`);
    expect((await town.bead(second.issue)).status).toBe('in_progress');
  });

  it('the task is dispatched to the runtime that did the work, on its branch', async () => {
    const [, second] = await conflictingPair();
    await town.tick();
    const task = (await town.mr(second.mr)).conflictTaskId;
    const { contexts } = await openSlingContexts(town.ledger);
    expect(contexts).toMatchObject([
      { workBead: task, agent: 'claude', vars: { prior_branch: second.branch } },
    ]);
  });

  it('P11: many passes make one task, and cost nothing', async () => {
    const [, second] = await conflictingPair();
    for (let pass = 0; pass < 10; pass += 1) await town.tick();
    expect(await town.ledger.list({ labels: ['gt:task'] })).toHaveLength(1);
    expect((await town.mr(second.mr)).retryCount).toBe(1);
    expect((await town.tick()).state).toBe('idle');
  });

  it('resolved and done again, the same merge request lands', async () => {
    const [, second] = await conflictingPair();
    await town.tick();
    const task = (await town.mr(second.mr)).conflictTaskId!;
    const tip = (await town.origin.head('main'))!;
    const head = await town.origin.commit(
      second.branch,
      { 'shared.txt': 'one\nBOTH\nthree\n' },
      { from: tip },
    );
    await town.ledger.transaction('proj/polecats/bob', async (tx) => {
      await submitMergeRequest(tx, {
        rig: town.rig.name,
        branch: second.branch,
        target: 'main',
        commit: head,
      });
      await tx.close(task, { reason: 'resolved' });
      await closeSlingContexts(tx, task, 'done');
    });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([second.mr]);
    expect((await town.bead(second.issue)).status).toBe('closed');
    expect(await town.origin.files('main')).toMatchObject({ 'shared.txt': 'one\nBOTH\nthree\n' });
  });

  it('a resolver who only pushes and closes the task is enough: the engine takes the new head', async () => {
    const [, second] = await conflictingPair();
    await town.tick();
    const task = (await town.mr(second.mr)).conflictTaskId!;
    const tip = (await town.origin.head('main'))!;
    await town.origin.commit(second.branch, { 'shared.txt': 'one\nBOTH\nthree\n' }, { from: tip });
    expect((await town.tick()).landed).toEqual([]);
    await town.ledger.transaction('x', (tx) => tx.close(task, { reason: 'resolved' }));
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([second.mr]);
  });

  it('after max_retry_count conflicts the branch is given up and its bead blocked', async () => {
    await town.set({ test_command: 'run-gate', max_retry_count: 1 });
    const [, second] = await conflictingPair();
    await town.tick();
    const task = (await town.mr(second.mr)).conflictTaskId!;
    await town.ledger.transaction('x', (tx) => tx.close(task, { reason: 'cannot' }));
    await town.tick();
    expect(await town.mr(second.mr)).toMatchObject({ phase: 'conflict', bead: { status: 'closed' } });
    expect((await town.bead(second.issue)).status).toBe('blocked');
  });

  it('a script’s conflict waits for a person: its task is not dispatched', async () => {
    const script = { cmd: 'x', by: 'overseer', at: '2026-01-01T00:00:00Z' };
    await town.submit('ace', { 'shared.txt': 'one\nACE\nthree\n' });
    await town.submit('bob', { 'shared.txt': 'one\nBOB\nthree\n' }, { metadata: { script }, priority: 3 });
    await town.tick();
    expect(await town.ledger.list({ labels: ['gt:task'] })).toHaveLength(1);
    expect((await openSlingContexts(town.ledger)).contexts).toEqual([]);
  });

  it('one that collides only with what is ahead waits, and lands when that is sent back', async () => {
    const bad = await town.submit('ace', { 'shared.txt': 'one\nBAD\nthree\n' });
    await town.clock.advance(1000);
    const other = await town.submit('bob', { 'shared.txt': 'one\nBOB\nthree\n' });
    const report = await town.tick();
    expect(report.evicted.map((item) => item.mr)).toEqual([bad.mr]);
    expect(report.landed.map((item) => item.mr)).toEqual([other.mr]);
    expect(report.conflicts).toEqual([]);
  });
});

describe('branches stacked on each other', () => {
  async function stacked(below: string): Promise<readonly [Submitted, Submitted]> {
    const first = await town.submit('ace', { 'a.txt': below });
    await town.clock.advance(1000);
    const second = await town.submit('bob', { 'b.txt': 'b\n' }, { from: first.head });
    return [first, second];
  }

  it('land in their order, each with its own change only', async () => {
    const [first, second] = await stacked('a\n');
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([first.mr, second.mr]);
    const tip = (await town.origin.head('main'))!;
    const { parents } = await town.git.objects.commit(town.rig.paths.bare, tip);
    const pair = { from: parents[0] as Sha, to: tip };
    const last = await town.git.objects.changedPaths(town.rig.paths.bare, [pair]);
    expect(last).toEqual([[{ path: 'b.txt', change: 'A' }]]);
  });

  it('sending the lower one back holds the upper one: its bad commits do not land under another name', async () => {
    const [first, second] = await stacked('BAD\n');
    const report = await town.tick();
    expect(report.evicted.map((item) => item.mr)).toEqual([first.mr]);
    expect(report.landed).toEqual([]);
    expect(await town.mr(second.mr)).toMatchObject({ phase: 'deferred' });
    expect(await town.origin.files('main')).not.toHaveProperty('a.txt');
  });

  it('the upper one lands after the lower one was squashed, although its history differs', async () => {
    const first = await town.submit('ace', { 'shared.txt': 'one\nACE\nthree\n' });
    await town.tick();
    const second = await town.submit(
      'bob',
      { 'shared.txt': 'one\nACE and BOB\nthree\n' },
      { from: first.head },
    );
    const report = await town.tick();
    expect(report.conflicts).toEqual([]);
    expect(report.landed.map((item) => item.mr)).toEqual([second.mr]);
    expect(await town.origin.files('main')).toMatchObject({ 'shared.txt': 'one\nACE and BOB\nthree\n' });
  });

  it('a higher priority does not lift a branch above the one it stands on', async () => {
    const first = await town.submit('ace', { 'a.txt': 'a\n' }, { priority: 4 });
    const second = await town.submit('bob', { 'b.txt': 'b\n' }, { from: first.head, priority: 0 });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([first.mr, second.mr]);
  });
});

describe('changes that are already there', () => {
  it('a branch whose commit is on the target finishes as merged, without a push', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await town.origin.setBranch('main', work.head);
    const report = await town.tick();
    expect(report.runs).toBe(0);
    expect(await town.mr(work.mr)).toMatchObject({ phase: 'done', mergeCommit: work.head });
    expect((await town.bead(work.issue)).status).toBe('closed');
  });

  it('the same patch pushed by somebody else finishes as merged', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await town.origin.commit('main', { 'a.txt': 'a\n' }, { message: 'By hand' });
    await town.tick();
    expect((await town.mr(work.mr)).phase).toBe('done');
    expect(await town.origin.messages('main')).toHaveLength(2);
  });

  it('two equal branches: the first lands, the second is merged by it', async () => {
    const first = await town.submit('ace', { 'a.txt': 'a\n' });
    await town.clock.advance(1000);
    const second = await town.submit('bob', { 'a.txt': 'a\n' }, { message: 'The same again' });
    const reports = await town.settle();
    expect(reports.flatMap((report) => report.landed).map((item) => item.mr)).toEqual([first.mr, second.mr]);
    expect(await town.origin.messages('main')).toHaveLength(2);
  });

  it('an empty merge that nothing proves landed is not called merged', async () => {
    const one = await town.origin.commit(
      'polecat/nux/x',
      { 'a.txt': 'draft\n' },
      { from: (await town.origin.head('main'))! },
    );
    const work = await town.submit('nux', { 'a.txt': null }, { branch: 'polecat/nux/x', from: one });
    await town.tick();
    expect(await town.mr(work.mr)).toMatchObject({ phase: 'blocked', evidence: { cause: 'empty' } });
    expect((await town.bead(work.issue)).status).toBe('in_progress');
  });
});
