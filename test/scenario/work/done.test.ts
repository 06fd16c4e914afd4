import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enqueueSling } from '../../../src/beads/sling-context.ts';
import { mergeRequestOfBranch, updateMergeRequest } from '../../../src/beads/merge-request.ts';
import { finishDone } from '../../../src/polecat/done/finish.ts';
import { makeWorkTown } from './town.ts';
import type { Worker, WorkTown } from './town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

/** A worker that has begun and committed one file. */
async function workerWithCommit(
  title = 'Add a page',
): Promise<{ readonly bead: string; readonly worker: Worker }> {
  const { id } = await town.create({ title });
  const worker = await town.dispatch(id);
  await worker.begin();
  await worker.write('page.md', '# Page\n');
  worker.commit();
  return { bead: id, worker };
}

describe('gt done with commits', () => {
  test('P7: hands in: branch on the remote, one merge request, bead still its own, worktree free', async () => {
    const { bead, worker } = await workerWithCommit();
    const report = await worker.done();
    const [mr] = await town.mrs();
    expect(report).toMatchObject({ bead, exit: { kind: 'submitted' }, branch: worker.branch });
    expect(town.remote.head(worker.branch)).toBe(report.head);
    expect(mr).toMatchObject({
      branch: worker.branch,
      target: 'main',
      sourceIssue: bead,
      commit: report.head,
      worker: 'furiosa',
      phase: 'queued',
    });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress', assignee: 'proj/polecats/furiosa' });
    expect(await town.row('furiosa')).toMatchObject({
      agentState: 'done',
      hookBead: undefined,
      activeMr: mr?.id,
      exitType: 'COMPLETED',
      labels: ['gt:agent'],
    });
    expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({
      branch: undefined,
      head: town.remote.head('main'),
    });
    expect(await town.events('done')).toMatchObject([{ bead, branch: worker.branch }]);
    expect(await town.rescues()).toEqual([]);
  });

  test('commits what was left uncommitted, but no files of gt', async () => {
    const { bead, worker } = await workerWithCommit();
    await worker.write('more.md', '# More\n');
    await worker.write('.claude/settings.json', '{}');
    await worker.done();
    expect(town.remote.filesOf(worker.branch)).toEqual({
      'README.md': '# Project\n',
      'page.md': '# Page\n',
      'more.md': '# More\n',
    });
    expect(town.remote.messages(worker.branch)[0]).toBe(`Add a page\n\nGt-Issue: ${bead}`);
  });

  test('refuses while a deletion is in no commit', async () => {
    const { worker } = await workerWithCommit();
    await town.files.remove(`${worker.worktree}/README.md`);
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.still-dirty' });
    expect(await town.mrs()).toEqual([]);
    expect((await town.row('furiosa'))?.labels).toEqual(['gt:agent']);
  });

  test('hands in also when the runtime never read its hook', async () => {
    const { id } = await town.create();
    const worker = await town.dispatch(id);
    await worker.write('page.md', 'x');
    await worker.done();
    expect(await town.bead(id)).toMatchObject({ status: 'in_progress' });
    expect(await town.mrs()).toHaveLength(1);
  });

  test('a second done changes nothing', async () => {
    const { bead, worker } = await workerWithCommit();
    await worker.done();
    expect(await worker.done()).toMatchObject({ bead, exit: { kind: 'already', how: 'submitted' } });
    expect(await town.mrs()).toHaveLength(1);
  });

  test('P2: what is made after the hand-in is kept and named, not handed in', async () => {
    const { worker } = await workerWithCommit();
    const { head } = await worker.done();
    await worker.write('late.md', 'late');
    worker.commit('Late');
    const again = await worker.done();
    expect(again.exit).toMatchObject({ kind: 'already', how: 'submitted' });
    expect(again.warnings).toEqual([expect.stringContaining('not handed in, kept: git -C')]);
    expect(town.remote.head(worker.branch)).toBe(head);
    expect(await town.rescues()).toEqual(again.rescued);
  });

  test('work on a detached HEAD is handed in on the own branch', async () => {
    const { worker } = await workerWithCommit();
    town.git.user(worker.worktree).detach();
    await worker.write('late.md', 'late');
    worker.commit('Late');
    await worker.done();
    expect(town.remote.filesOf(worker.branch)).toMatchObject({ 'late.md': 'late' });
  });

  test('P2: a branch that was rewritten keeps what the remote had in a rescue ref', async () => {
    const { worker } = await workerWithCommit();
    const foreign = town.remote.commit(worker.branch, { 'x.md': 'x' });
    await town.git.remotes.fetch(town.rig.paths.bare, 'origin', [worker.branch]);
    const { head } = await worker.done();
    expect(town.remote.head(worker.branch)).toBe(head);
    const refs = await town.git.objects.listRefs(town.rig.paths.bare, 'refs/gt/rescue/');
    expect(refs.map((ref) => ref.sha)).toContain(foreign);
  });

  test('a push that the remote does not show is no done', async () => {
    const { bead, worker } = await workerWithCommit();
    town.remote.onPush(() => ({ pushed: true }));
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.push-failed' });
    expect(await town.mrs()).toEqual([]);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
    expect(
      (await town.row('furiosa'))?.labels.some((label) => label.startsWith('done-intent:COMPLETED')),
    ).toBe(true);
  });

  test('a push that reports failure after it arrived is a done', async () => {
    const { worker } = await workerWithCommit();
    town.remote.onPush((_spec, apply) => {
      apply();
      return { pushed: false, cause: 'timeout', why: 'no answer' };
    });
    expect(await worker.done()).toMatchObject({ exit: { kind: 'submitted' } });
  });
});

describe('P7: gt done without a commit', () => {
  test('is refused and changes nothing', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.no-commits' });
    await expect(worker.done({ reason: 'done' })).rejects.toMatchObject({ code: 'done.no-commits' });
    expect(await town.bead(bead.id)).toMatchObject({ status: 'in_progress' });
    expect((await town.row('furiosa'))?.labels).toEqual(['gt:agent']);
  });

  test('closes the bead with a reason that says something', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    expect(await worker.done({ reason: 'fixed by an earlier change' })).toMatchObject({
      exit: { kind: 'closed' },
    });
    expect(await town.bead(bead.id)).toMatchObject({
      status: 'closed',
      closeReason: 'fixed by an earlier change',
    });
    expect(await town.mrs()).toEqual([]);
  });

  test('is refused while acceptance boxes are open', async () => {
    const bead = await town.create({ acceptanceCriteria: '- [x] one\n- [ ] two' });
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    const done = worker.done({ reason: 'nothing needed to be changed' });
    await expect(done).rejects.toMatchObject({
      code: 'done.criteria-open',
      message: expect.stringContaining('two'),
    });
  });

  test('the base commit is never handed in as the work', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    town.remote.commit('main', { 'other.md': 'other' });
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.no-commits' });
  });
});

describe('P7: gt done is refused', () => {
  test('for a bead that is another one’s by now', async () => {
    const { bead, worker } = await workerWithCommit();
    await town.ledger.transaction('overseer', (tx) => tx.update(bead, { assignee: 'proj/crew/max' }));
    await expect(worker.done({ issue: bead })).rejects.toMatchObject({ code: 'done.not-yours' });
  });

  test('for a session that was replaced', async () => {
    const { worker } = await workerWithCommit();
    await expect(worker.done({ spawn: 0 })).rejects.toMatchObject({ code: 'done.replaced' });
  });

  test('in the middle of a rebase, and with a stash', async () => {
    const { worker } = await workerWithCommit();
    await worker.write('README.md', 'changed');
    town.git.user(worker.worktree).stash();
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.stash' });
    town.git.user(worker.worktree).begin('rebase');
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.operation' });
  });

  test('when nothing changed since it was sent back, naming the gate', async () => {
    const { bead, worker } = await workerWithCommit();
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
    const { bead, worker } = await workerWithCommit();
    await worker.write('half.md', 'half');
    await worker.done({ status: 'ESCALATED', reason: 'needs a password' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress', assignee: 'proj/polecats/furiosa' });
    expect(await town.row('furiosa')).toMatchObject({ agentState: 'stuck', exitType: 'ESCALATED' });
    expect(town.remote.filesOf(worker.branch)).toMatchObject({ 'half.md': 'half' });
    expect(await town.events('escalation_sent')).toHaveLength(1);
    expect(await town.mrs()).toEqual([]);
    expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({ branch: worker.branch });
  });

  test('DEFERRED gives it back, and the next worker goes on from its branch', async () => {
    const { bead, worker } = await workerWithCommit();
    await worker.done({ status: 'DEFERRED', reason: 'waits for the design' });
    expect(await town.bead(bead)).toMatchObject({ status: 'open', assignee: '' });
    const other = await town.create();
    await town.dispatch(other.id);
    const next = await town.dispatch(bead);
    expect(next.branch).toBe(worker.branch);
    expect(await town.files.readText(`${next.worktree}/page.md`)).toBe('# Page\n');
  });

  test('ESCALATED in the middle of a rebase keeps the tree in a rescue ref', async () => {
    const { worker } = await workerWithCommit();
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

  test('a conflict task repairs the other bead’s branch and closes itself', async () => {
    const { bead, worker } = await workerWithCommit();
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
    const { head, exit } = await fixer.done();
    expect(exit.kind).toBe('repinned');
    expect(await town.mrs()).toMatchObject([{ id: mr.id, phase: 'queued', commit: head, sourceIssue: bead }]);
    expect(await town.bead(task.id)).toMatchObject({ status: 'closed' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });
});

describe('G6: after done', () => {
  test('a session at its prompt is stopped, one in its turn is left until a minute has passed', async () => {
    const { worker } = await workerWithCommit();
    await worker.done();
    town.panes.show(worker.session, 'busy');
    expect(await finishDone(town.ctx, town.rig, worker.name)).toMatchObject({ kind: 'ending' });
    town.panes.show(worker.session, 'idle');
    expect(await town.clock.drive(finishDone(town.ctx, town.rig, worker.name))).toMatchObject({
      kind: 'idle',
    });
    expect(await town.panes.observe(worker.session)).toMatchObject({ kind: 'exited' });
    expect(await town.row('furiosa')).toMatchObject({ agentState: 'idle' });
  });

  test('a turn that does not end is ended after a minute', async () => {
    const { worker } = await workerWithCommit();
    await worker.done();
    town.panes.show(worker.session, 'busy');
    await town.clock.advance(61_000);
    expect(await town.clock.drive(finishDone(town.ctx, town.rig, worker.name))).toMatchObject({
      kind: 'idle',
    });
  });

  test('a worker that holds work is left alone', async () => {
    const { worker } = await workerWithCommit();
    expect(await finishDone(town.ctx, town.rig, worker.name)).toMatchObject({ kind: 'skipped' });
    expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({ branch: worker.branch });
  });
});
