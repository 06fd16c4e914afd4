import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enqueueSling } from '../../../src/beads/forms/sling-context.ts';
import {
  closeMergeRequest,
  mergeRequestOfBranch,
  updateMergeRequest,
} from '../../../src/beads/forms/merge-request.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { OVERSEER } from '../../../src/core/address.ts';
import { readInbox } from '../../../src/mail/inbox.ts';
import { finishDone } from '../../../src/polecat/done/finish.ts';
import { takeOffHook } from '../../../src/polecat/release/take-off.ts';
import { readTownView } from '../../../src/watchdog/view/read-view.ts';
import { makeWorkTown } from './town.ts';
import type { Worker, WorkTown } from './town.ts';
import { workerWithCommit } from './worker-with-commit.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

function openAlerts({ ledger }: WorkTown): Promise<readonly Bead[]> {
  return ledger.list({ labels: ['gt:escalation'], notStatus: ['closed'] });
}

describe('P7: gt done is refused', () => {
  test('for a bead that is another one’s by now', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await town.ledger.transaction('overseer', (tx) => tx.update(bead, { assignee: 'proj/crew/max' }));
    await expect(worker.done({ issue: bead })).rejects.toMatchObject({ code: 'done.not-yours' });
  });

  test('for a session that was replaced', async () => {
    const { worker } = await workerWithCommit(town);
    await expect(worker.done({ spawn: 0 })).rejects.toMatchObject({ code: 'done.replaced' });
  });

  test('in the middle of a rebase, and with a stash', async () => {
    const { worker } = await workerWithCommit(town);
    await worker.write('README.md', 'changed');
    town.git.user(worker.worktree).stash();
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.stash' });
    town.git.user(worker.worktree).begin('rebase');
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.operation' });
  });

  test('when nothing changed since it was sent back, naming the gate', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done();
    await evict(worker);
    await town.ledger.transaction('overseer', (tx) =>
      tx.update(bead, { status: 'open', assignee: '', metadata: { dispatch: null } }),
    );
    await town.panes.stop(worker.session, 0);
    await finishDone(town.ctx, town.rig, worker.name);
    await requeue(bead, worker.branch);
    const again = await town.dispatch(bead);
    await again.begin();
    expect(again).toMatchObject({ name: 'furiosa', branch: worker.branch, spawn: 2 });
    await expect(again.done()).rejects.toMatchObject({
      code: 'done.unchanged',
      message: 'unchanged since it was sent back: gate test failed',
    });
    await again.write('page.md', '# Better\n');
    const { exit } = await again.done();
    expect(exit).toMatchObject({ kind: 'submitted', outcome: { kind: 'repinned' } });
    expect(await town.mrs()).toMatchObject([{ branch: worker.branch, phase: 'queued', retryCount: 1 }]);
  });

  async function evict(worker: Worker): Promise<void> {
    const mr = await mergeRequestOfBranch(town.ledger, worker.branch);
    if (mr === undefined) throw new Error('no merge request');
    const evidence = { cause: 'red', summary: 'gate test failed', at: '2026-01-01T00:00:00Z' } as const;
    await town.ledger.transaction('proj/refinery', (tx) =>
      updateMergeRequest(tx, mr, { fields: { phase: 'evicted', evidence } }),
    );
  }

  async function requeue(bead: string, branch: string): Promise<void> {
    const { id, title } = await town.bead(bead);
    await town.ledger.transaction('proj/refinery', (tx) =>
      enqueueSling(tx, {
        workBead: id,
        title,
        rig: 'proj',
        enqueuedAt: '2026-01-01T00:00:00Z',
        worker: 'furiosa',
        vars: { prior_branch: branch, prior_failure: 'gate test failed' },
      }),
    );
  }
});

describe('the other exits', () => {
  test('ESCALATED keeps the bead, pushes the work so far and calls a person once', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.write('half.md', 'half');
    await worker.done({ status: 'ESCALATED', reason: 'needs a password' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress', assignee: 'proj/polecats/furiosa' });
    expect(await town.row('furiosa')).toMatchObject({ agentState: 'stuck', exitType: 'ESCALATED' });
    expect(town.remote.filesOf(worker.branch)).toMatchObject({ 'half.md': 'half' });
    expect(await town.events('escalation_sent')).toMatchObject([{ bead, reason: 'needs a password' }]);
    expect(await town.mrs()).toEqual([]);
    expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({ branch: worker.branch });
  });

  test('ESCALATED is seen in gt status and in the mail of mayor and overseer, until the worker goes on', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done({ status: 'ESCALATED', reason: 'needs a password' });
    const [alert, ...others] = await openAlerts(town);
    expect(others).toEqual([]);
    expect(alert?.description).toContain(`related_bead: ${bead}`);
    const { attention } = await readTownView(town.ctx);
    expect(attention.filter(({ kind }) => kind === 'escalation' || kind === 'agent')).toMatchObject([
      {
        kind: 'escalation',
        subject: alert?.id,
        reason: `proj/polecats/furiosa needs help with ${bead}: needs a password`,
      },
    ]);
    for (const box of [{ role: 'mayor' } as const, OVERSEER]) {
      expect(await readInbox(town.ctx, box)).toMatchObject([
        { from: 'proj/furiosa', subject: `[HIGH] ${bead}: needs a password`, read: false },
      ]);
    }
    await worker.done({ status: 'ESCALATED', reason: 'still needs it' });
    expect(await openAlerts(town)).toHaveLength(1);
    expect((await town.ledger.comments(alert?.id ?? '')).map(({ text }) => text)).toEqual([
      'Escalated by proj/polecats/furiosa: still needs it',
    ]);
    await worker.done();
    expect(await openAlerts(town)).toEqual([]);
  });

  test('an escalation is over when the work is taken away', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done({ status: 'ESCALATED', reason: 'needs a password' });
    await takeOffHook(town.ctx, { bead: await town.bead(bead), force: true, why: 'another does it' });
    expect(await openAlerts(town)).toEqual([]);
  });

  test('DEFERRED gives it back, and the next worker goes on from its branch', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done({ status: 'DEFERRED', reason: 'waits for the design' });
    expect(await town.bead(bead)).toMatchObject({ status: 'open', assignee: '' });
    const other = await town.create();
    await town.dispatch(other.id);
    const next = await town.dispatch(bead);
    expect(next.branch).toBe(worker.branch);
    expect(await town.files.readText(`${next.worktree}/page.md`)).toBe('# Page\n');
  });

  test('ESCALATED in the middle of a rebase keeps the tree in a rescue ref', async () => {
    const { worker } = await workerWithCommit(town);
    await worker.write('README.md', 'half merged');
    town.git.user(worker.worktree).begin('rebase');
    const report = await worker.done({ status: 'ESCALATED', reason: 'cannot resolve this' });
    expect(report.rescued).toEqual(await town.rescues());
    expect(report.rescued).toHaveLength(1);
  });

  test.each([
    ['no-merge', { noMerge: true }, true],
    ['review-only', { reviewOnly: true }, true],
    ['local', { merge: 'local' as const }, false],
  ])('%s closes the bead without a merge request', async (_name, options, pushed) => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id, options);
    await worker.begin();
    await worker.write('page.md', '# Page\n');
    worker.commit();
    const { head } = await worker.done();
    expect(await town.bead(bead.id)).toMatchObject({
      status: 'closed',
      closeReason: `no-merge: ${worker.branch}@${head}`,
    });
    expect(town.remote.head(worker.branch)).toBe(pushed ? head : undefined);
    expect(await town.git.objects.resolve(town.rig.paths.bare, `refs/heads/${worker.branch}`)).toBe(head);
    expect(await town.mrs()).toEqual([]);
  });

  /** The merge request of a bead does not merge any more, and somebody is at work on its branch. */
  async function repair() {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done();
    const [mr] = await town.mrs();
    if (mr === undefined) throw new Error('no merge request');
    await town.ledger.transaction('proj/refinery', (tx) =>
      updateMergeRequest(tx, mr, { fields: { phase: 'blocked' } }),
    );
    const task = await town.create({
      title: 'Resolve',
      labels: ['gt:task'],
      metadata: { conflict_of: mr.id },
    });
    await town.ledger.transaction('proj/refinery', (tx) =>
      enqueueSling(tx, {
        workBead: task.id,
        title: 'Resolve',
        rig: 'proj',
        enqueuedAt: '',
        vars: { prior_branch: worker.branch },
      }),
    );
    const fixer = await town.dispatch(task.id);
    await fixer.begin();
    await fixer.write('page.md', '# Both\n');
    return { bead, mr, task: task.id, fixer };
  }

  test('a conflict task repairs the other bead’s branch and closes itself', async () => {
    const { bead, mr, task, fixer } = await repair();
    const { head, exit } = await fixer.done();
    expect(exit.kind).toBe('repinned');
    expect(await town.mrs()).toMatchObject([{ id: mr.id, phase: 'queued', commit: head, sourceIssue: bead }]);
    expect(await town.bead(task)).toMatchObject({ status: 'closed' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });

  test('a conflict task whose merge request was rejected does not bring its branch back', async () => {
    const { mr, task, fixer } = await repair();
    const pushed = town.remote.head(fixer.branch);
    await town.ledger.transaction('x', (tx) =>
      closeMergeRequest(tx, mr, { phase: 'rejected', reason: 'not wanted' }),
    );
    const { exit, rescued } = await fixer.done();
    expect(exit).toMatchObject({
      kind: 'closed',
      reason: expect.stringContaining('nothing to repair') as string,
    });
    expect(await town.mrs()).toEqual([]);
    expect(await town.bead(task)).toMatchObject({ status: 'closed' });
    expect(town.remote.head(fixer.branch)).toBe(pushed);
    expect(rescued).toHaveLength(1);
  });

  test('nor does one whose merge request is rejected while its branch is pushed', async () => {
    const { mr, task, fixer } = await repair();
    town.remote.onPush((_spec, apply) => {
      void town.ledger.transaction('x', (tx) =>
        closeMergeRequest(tx, mr, { phase: 'rejected', reason: 'not wanted' }),
      );
      return apply();
    });
    expect((await fixer.done()).exit.kind).toBe('closed');
    expect(await town.mrs()).toEqual([]);
    expect(await town.bead(task)).toMatchObject({ status: 'closed' });
  });
});
