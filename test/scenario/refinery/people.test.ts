import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSlingContexts } from '../../../src/beads/forms/sling-context.ts';
import { readWorkable } from '../../../src/refinery/anomalies.ts';
import { claimRequest, releaseRequest } from '../../../src/refinery/claims.ts';
import { findMergeRequest } from '../../../src/refinery/find-request.ts';
import { listQueue } from '../../../src/refinery/list-queue.ts';
import { rejectMergeRequest, retryMergeRequest } from '../../../src/refinery/manage.ts';
import { pauseLane, resumeLane } from '../../../src/refinery/pause.ts';
import { readRefineryStatus } from '../../../src/refinery/status.ts';
import { submitBranch } from '../../../src/refinery/submit-branch.ts';
import { renderQueue } from '../../../src/ui/text/mq.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown({ 'shared.txt': 'one\ntwo\nthree\n' });
});
afterEach(() => town.close());

const ALL = { status: 'open', ready: false, verify: false };

describe('mq retry', () => {
  it('puts one that was sent back into the queue as it is, and its bead out of the dispatch queue', async () => {
    const work = await town.submit('nux', { 'a.txt': 'BAD\n' });
    await town.tick();
    town.gate(() => ({ code: 0 }));
    const mr = await retryMergeRequest(town.ctx, town.rig, work.mr);
    expect(mr).toMatchObject({ phase: 'queued', commit: work.head });
    expect(mr.evidence).toBeUndefined();
    expect((await openSlingContexts(town.ledger)).contexts).toEqual([]);
    expect(await town.bead(work.issue)).toMatchObject({
      status: 'in_progress',
      assignee: 'proj/polecats/nux',
    });
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([work.mr]);
  });

  it('is judged anew: red again, it is sent back again after two runs', async () => {
    const work = await town.submit('nux', { 'a.txt': 'BAD\n' });
    await town.tick();
    await retryMergeRequest(town.ctx, town.rig, work.mr);
    expect(await town.tick()).toMatchObject({ runs: 2, evicted: [{ mr: work.mr }] });
  });

  it('refuses what has not failed, and what is being reworked', async () => {
    const fine = await town.submit('ace', { 'a.txt': 'a\n' });
    await expect(retryMergeRequest(town.ctx, town.rig, fine.mr)).rejects.toMatchObject({
      code: 'mq.not-failed',
    });
    const bad = await town.submit('bob', { 'b.txt': 'BAD\n' });
    await town.tick();
    await town.ledger.transaction('x', (tx) =>
      tx.update(bad.issue, { status: 'hooked', assignee: 'proj/polecats/cat' }),
    );
    await expect(retryMergeRequest(town.ctx, town.rig, bad.mr)).rejects.toMatchObject({ code: 'mq.in-work' });
  });
});

describe('mq reject', () => {
  it('closes the merge request; the issue is open again and the branch stays', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await rejectMergeRequest(town.ctx, town.rig, { id: work.mr, reason: 'not now' });
    expect(await town.mr(work.mr)).toMatchObject({
      phase: 'rejected',
      closeReason: 'rejected',
      bead: { status: 'closed', closeReason: 'rejected: not now' },
    });
    expect(await town.bead(work.issue)).toMatchObject({ status: 'open', assignee: '' });
    expect(await town.tick()).toMatchObject({ landed: [], runs: 0 });
    expect(await town.origin.head(work.branch)).toBe(work.head);
  });

  it('P7: never closes the issue, and leaves one that is in work again alone', async () => {
    const work = await town.submit('nux', { 'a.txt': 'BAD\n' });
    await town.tick();
    await town.ledger.transaction('x', (tx) =>
      tx.update(work.issue, { status: 'hooked', assignee: 'proj/polecats/cat' }),
    );
    await rejectMergeRequest(town.ctx, town.rig, { id: work.mr, reason: 'no' });
    expect(await town.bead(work.issue)).toMatchObject({ status: 'hooked', assignee: 'proj/polecats/cat' });
  });

  it('closes a conflict task that nobody has begun', async () => {
    await town.submit('ace', { 'shared.txt': 'one\nACE\nthree\n' });
    await town.clock.advance(1000);
    const second = await town.submit('bob', { 'shared.txt': 'one\nBOB\nthree\n' });
    await town.tick();
    const task = (await town.mr(second.mr)).conflictTaskId!;
    await rejectMergeRequest(town.ctx, town.rig, { id: second.mr, reason: 'no' });
    expect((await town.bead(task)).status).toBe('closed');
    expect((await openSlingContexts(town.ledger)).contexts).toEqual([]);
  });

  it('refuses a second time, and while it is being pushed', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    let refusal: unknown;
    const during = town.as({}, (step, when) => {
      if (step === 'H5' && when === 'before') {
        refusal = rejectMergeRequest(town.ctx, town.rig, { id: work.mr, reason: 'no' }).catch(
          (error: unknown) => error,
        );
      }
    });
    await during.tick();
    expect(await refusal).toMatchObject({ code: expect.stringMatching(/^mq\.(landing|closed)$/) });
    expect((await town.bead(work.issue)).status).toBe('closed');
    const again = rejectMergeRequest(town.ctx, town.rig, { id: work.mr, reason: 'no' });
    await expect(again).rejects.toMatchObject({ code: 'mq.closed' });
  });
});

describe('finding a merge request', () => {
  it('by id, hash, branch, branch without its folder, or the start of an id', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const texts = [
      work.mr,
      work.mr.slice('pj-'.length),
      work.branch,
      work.branch.slice('polecat/'.length),
      work.mr.slice(0, -1),
    ];
    for (const text of texts) expect((await findMergeRequest(town.ledger, town.rig, text)).id).toBe(work.mr);
  });

  it('by its issue: the open one, else the newest; an issue without one is said to be so', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' }, { branch: 'polecat/nux/x' });
    await rejectMergeRequest(town.ctx, town.rig, { id: work.mr, reason: 'no' });
    expect((await findMergeRequest(town.ledger, town.rig, work.issue)).id).toBe(work.mr);
    const bead = await town.ledger.transaction('test', (tx) => tx.create({ title: 'Not begun' }));
    await expect(findMergeRequest(town.ledger, town.rig, bead.id)).rejects.toMatchObject({
      message: expect.stringContaining('is open, not handed in') as string,
    });
  });

  it('an open one wins over a closed one of the same branch', async () => {
    const first = await town.submit('nux', { 'a.txt': 'a\n' }, { branch: 'polecat/nux/x' });
    await rejectMergeRequest(town.ctx, town.rig, { id: first.mr, reason: 'no' });
    const second = await town.submit('nux', { 'b.txt': 'b\n' }, { branch: 'polecat/nux/x' });
    expect((await findMergeRequest(town.ledger, town.rig, 'nux/x')).id).toBe(second.mr);
  });

  it('none and several are said', async () => {
    await town.submit('ace', { 'a.txt': 'a\n' });
    await town.submit('bob', { 'b.txt': 'b\n' });
    await expect(findMergeRequest(town.ledger, town.rig, 'nope')).rejects.toMatchObject({
      code: 'mq.not-found',
    });
    await expect(findMergeRequest(town.ledger, town.rig, 'pj-')).rejects.toMatchObject({
      code: 'mq.ambiguous',
    });
  });
});

describe('mq submit', () => {
  const CLONE = '/home/ann/clone';

  async function clone(branch: string): Promise<void> {
    const { git, files } = town.ctx.ports;
    await git.remotes.clone(town.origin.url, CLONE, { branch: 'main' });
    await git.worktrees.checkout(CLONE, { commit: (await town.origin.head('main'))!, branch });
    await files.writeAtomic(`${CLONE}/a.txt`, 'a\n');
    town.git.user(CLONE).commitEverything('Add a');
  }

  it('pushes the branch, queues it, and the next pass lands it', async () => {
    const issue = await town.ledger.transaction('x', (tx) => tx.create({ title: 'Add a', type: 'task' }));
    await clone(`work/${issue.id}`);
    const done = await submitBranch(town.ctx, town.rig, { repo: CLONE });
    expect(done).toMatchObject({ kind: 'created', target: 'main', mr: { sourceIssue: issue.id } });
    expect(await town.origin.head(`work/${issue.id}`)).toBe(done.commit);
    expect((await town.bead(issue.id)).status).toBe('in_progress');
    await town.tick();
    expect((await town.bead(issue.id)).status).toBe('closed');
  });

  it('the same again changes nothing; a new commit takes the place of the old one', async () => {
    await clone('work/x');
    const first = await submitBranch(town.ctx, town.rig, { repo: CLONE });
    expect(await submitBranch(town.ctx, town.rig, { repo: CLONE })).toMatchObject({
      kind: 'unchanged',
      mr: { id: first.mr.id },
    });
    await town.files.writeAtomic(`${CLONE}/b.txt`, 'b\n');
    const head = town.git.user(CLONE).commitEverything('Add b');
    expect(await submitBranch(town.ctx, town.rig, { repo: CLONE })).toMatchObject({
      kind: 'repinned',
      mr: { id: first.mr.id, commit: head },
    });
    expect(await listQueue(town.ctx, town.rig, ALL)).toHaveLength(1);
  });

  it('another branch for the same issue supersedes the first', async () => {
    const work = await town.submit('nux', { 'z.txt': 'z\n' });
    await clone('work/other');
    const done = await submitBranch(town.ctx, town.rig, { repo: CLONE, issue: work.issue });
    expect(done.superseded).toEqual([work.mr]);
    expect(await town.mr(work.mr)).toMatchObject({ phase: 'superseded', closeReason: 'superseded' });
  });

  it('never writes a row for a branch that is not on the remote', async () => {
    await clone('work/x');
    town.remote.onPush(() => ({ pushed: true }));
    await expect(submitBranch(town.ctx, town.rig, { repo: CLONE })).rejects.toMatchObject({
      code: 'mq.push-failed',
    });
    expect(await listQueue(town.ctx, town.rig, ALL)).toEqual([]);
  });

  it('refuses the default branch, a branch that is not there, and to overwrite others’ commits', async () => {
    await clone('work/x');
    const submit = (branch: string) => submitBranch(town.ctx, town.rig, { repo: CLONE, branch });
    await expect(submit('main')).rejects.toMatchObject({ code: 'mq.default-branch' });
    await expect(submit('work/none')).rejects.toMatchObject({ code: 'mq.no-branch' });
    await expect(submit('--all')).rejects.toMatchObject({ code: 'mq.bad-branch' });
    await town.origin.commit('work/x', { 'other.txt': 'x\n' }, { from: (await town.origin.head('main'))! });
    await expect(submit('work/x')).rejects.toMatchObject({ code: 'mq.branch-foreign' });
  });

  it('an issue that does not exist is an error when it was named', async () => {
    await clone('work/x');
    const named = submitBranch(town.ctx, town.rig, { repo: CLONE, issue: 'pj-none' });
    await expect(named).rejects.toMatchObject({ code: 'bead.not-found' });
  });
});

describe('what people see', () => {
  it('the queue in landing order, with what is proven, waits and failed', async () => {
    const bad = await town.submit('ace', { 'a.txt': 'BAD\n' });
    await town.tick();
    const late = await town.submit('bob', { 'b.txt': 'b\n' }, { priority: 3 });
    const soon = await town.submit('cat', { 'c.txt': 'c\n' }, { priority: 1 });
    let during: readonly string[] = [];
    town.gate(async () => {
      const listed = await listQueue(town.ctx, town.rig, ALL);
      during = listed.map(({ item, shown }) => `${item.mr.id} ${shown} ${item.phase}`);
      return { code: 0 };
    });
    const before = await listQueue(town.ctx, town.rig, ALL);
    expect(before.map(({ item, shown }) => [item.mr.id, shown])).toEqual([
      [soon.mr, 'ready'],
      [late.mr, 'ready'],
      [bad.mr, 'blocked'],
    ]);
    await town.tick();
    expect(during).toEqual([
      `${soon.mr} active proving`,
      `${late.mr} active proving`,
      `${bad.mr} blocked evicted`,
    ]);
    const ready = await listQueue(town.ctx, town.rig, { ...ALL, ready: true });
    expect(ready).toEqual([]);
    expect(await listQueue(town.ctx, town.rig, { ...ALL, status: 'closed' })).toHaveLength(2);
  });

  it('P2: with verify, a branch is there, missing, or could not be looked for', async () => {
    const here = await town.submit('ace', { 'a.txt': 'a\n' });
    const gone = await town.submit('bob', { 'b.txt': 'b\n' });
    await town.origin.setBranch(gone.branch, undefined);
    const verified = { ...ALL, verify: true };
    const facts = Object.fromEntries(
      (await listQueue(town.ctx, town.rig, verified)).map(({ item, onRemote }) => [item.mr.id, onRemote]),
    );
    expect(facts[here.mr]).toEqual({ ok: true, value: true });
    expect(facts[gone.mr]).toEqual({ ok: true, value: false });
    town.remote.goOffline();
    const [blind] = await listQueue(town.ctx, town.rig, verified);
    expect(blind?.onRemote?.ok).toBe(false);
  });

  it('P26: hostile branch names reach the screen as plain text', async () => {
    await town.submit('ace', { 'a.txt': 'a\n' }, { branch: 'polecat/ace/\u009B31mred' });
    const listed = await listQueue(town.ctx, town.rig, ALL);
    const screen = { isTTY: false, columns: 80 };
    const text = renderQueue(listed, { rig: town.rig, now: town.clock.now(), screen });
    expect(text).not.toContain('\u009B');
  });

  it('status says what each lane does, and why it waits', async () => {
    expect(await readRefineryStatus(town.ctx, town.rig)).toMatchObject({
      queued: 0,
      lanes: [],
      gates: ['test'],
    });
    await town.submit('ace', { 'a.txt': 'a\n' });
    await pauseLane(town.ctx, town.rig, { target: 'main', why: 'release day' });
    const paused = await readRefineryStatus(town.ctx, town.rig);
    expect(paused).toMatchObject({
      queued: 1,
      lanes: [{ target: 'main', state: 'paused', why: 'release day' }],
    });
    expect(paused.waiting.join()).toContain('gt mq resume proj');
    await resumeLane(town.ctx, town.rig, 'main');
    let during: unknown;
    town.gate(async () => {
      during = await readRefineryStatus(town.ctx, town.rig);
      return { code: 0 };
    });
    await town.tick();
    expect(during).toMatchObject({ engine: 'fake:1000', lanes: [{ state: 'proving', chain: 1 }] });
    expect(await readRefineryStatus(town.ctx, town.rig)).toMatchObject({
      queued: 0,
      lanes: [{ state: 'idle' }],
    });
  });
});

describe('a merge request that somebody has claimed', () => {
  const claim = (mr: string, worker = 'refinery-1') => claimRequest(town.ctx, town.rig, { mr, worker });

  it('is left alone by the engine until it is released', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await claim(work.mr);
    const other = await town.submit('ace', { 'b.txt': 'b\n' });
    await town.settle();
    expect((await town.mr(work.mr)).bead).toMatchObject({ status: 'open', assignee: 'refinery-1' });
    expect((await town.mr(other.mr)).bead.status).toBe('closed');
    await releaseRequest(town.ctx, town.rig, { mr: work.mr, worker: 'refinery-1' });
    await town.settle();
    expect((await town.mr(work.mr)).bead.status).toBe('closed');
  });

  it('P15: is one worker’s: of two at once one wins, and a foreign one may not release it', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const both = await Promise.allSettled([claim(work.mr, 'one'), claim(work.mr, 'two')]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const loser = (await town.mr(work.mr)).bead.assignee === 'one' ? 'two' : 'one';
    await expect(releaseRequest(town.ctx, town.rig, { mr: work.mr, worker: loser })).rejects.toMatchObject({
      code: 'mq.claimed',
    });
  });

  it('lands all the same when the claim is old, and is told as an anomaly', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await claim(work.mr);
    expect((await readWorkable(town.ctx, town.rig)).anomalies).toEqual([]);
    await town.clock.advance(31 * 60_000);
    const { all, anomalies } = await readWorkable(town.ctx, town.rig);
    expect(all).toMatchObject([{ why: undefined, claimedBy: undefined, onRemote: true }]);
    expect(anomalies).toMatchObject([{ id: work.mr, type: 'stale-claim', assignee: 'refinery-1' }]);
    await town.settle();
    expect((await town.mr(work.mr)).bead.status).toBe('closed');
  });
});
