import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RefusedError } from '../../../src/core/errors.ts';
import { finishDone } from '../../../src/polecat/done/finish.ts';
import type { DoneRequest } from '../../../src/polecat/done/request.ts';
import { makeWorkTown } from './town.ts';
import type { WorkTown } from './town.ts';
import { workerWithCommit } from './worker-with-commit.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

describe('gt done with commits', () => {
  test('P7: hands in: branch on the remote, one merge request, bead still its own, worktree free', async () => {
    const { bead, worker } = await workerWithCommit(town);
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
    const { bead, worker } = await workerWithCommit(town);
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

  test('with --pre-verified asks for proof of exactly what it will push, and writes down only what was proved', async () => {
    const asked: unknown[] = [];
    const { worker } = await workerWithCommit(town);
    const verify: DoneRequest['verify'] = async ({ head, target }) => {
      asked.push([head, target, town.remote.head(worker.branch)]);
      return 'the disk is full';
    };
    const report = await worker.done({ preVerified: true, verify });
    expect(asked).toEqual([[report.head, 'main', undefined]]);
    expect(report.warnings).toEqual(['not verified: the disk is full']);
    expect((await town.mrs())[0]?.preVerified).toBeUndefined();
    const second = await workerWithCommit(town);
    await second.worker.done({ preVerified: true, verify: async () => undefined });
    expect((await town.mrs()).find((mr) => mr.sourceIssue === second.bead)?.preVerified).toBe('true');
  });

  test('whose gates fail is still at work, and nothing has left', async () => {
    const { bead, worker } = await workerWithCommit(town);
    const verify = async (): Promise<never> => {
      throw new RefusedError({ code: 'done.gates-failed', message: 'gate test fails' });
    };
    await expect(worker.done({ preVerified: true, verify })).rejects.toMatchObject({
      code: 'done.gates-failed',
    });
    expect(town.remote.head(worker.branch)).toBeUndefined();
    expect(await town.bead(bead)).toMatchObject({ assignee: 'proj/polecats/furiosa' });
    expect((await town.row('furiosa'))?.labels).toEqual(['gt:agent']);
    await worker.done();
    expect(await town.mrs()).toHaveLength(1);
  });

  test('refuses while a deletion is in no commit', async () => {
    const { worker } = await workerWithCommit(town);
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
    const { bead, worker } = await workerWithCommit(town);
    await worker.done();
    expect(await worker.done()).toMatchObject({ bead, exit: { kind: 'already', how: 'submitted' } });
    expect(await town.mrs()).toHaveLength(1);
  });

  test('P2: what is made after the hand-in is kept and named, not handed in', async () => {
    const { worker } = await workerWithCommit(town);
    const { head } = await worker.done();
    await worker.write('late.md', 'late');
    worker.commit('Late');
    const again = await worker.done();
    expect(again.exit).toMatchObject({ kind: 'already', how: 'submitted' });
    expect(again.warnings).toEqual([expect.stringContaining('not handed in, kept: gt rescue restore')]);
    expect(town.remote.head(worker.branch)).toBe(head);
    expect(await town.rescues()).toEqual(again.rescued);
  });

  test('work on a detached HEAD is handed in on the own branch', async () => {
    const { worker } = await workerWithCommit(town);
    town.git.user(worker.worktree).detach();
    await worker.write('late.md', 'late');
    worker.commit('Late');
    await worker.done();
    expect(town.remote.filesOf(worker.branch)).toMatchObject({ 'late.md': 'late' });
  });

  test('P2: a branch that was rewritten keeps what the remote had in a rescue ref', async () => {
    const { worker } = await workerWithCommit(town);
    const foreign = town.remote.commit(worker.branch, { 'x.md': 'x' });
    await town.git.remotes.fetch(town.rig.paths.bare, 'origin', [worker.branch]);
    const { head } = await worker.done();
    expect(town.remote.head(worker.branch)).toBe(head);
    const refs = await town.git.objects.listRefs(town.rig.paths.bare, 'refs/gt/rescue/');
    const kept = refs.map((ref) => town.git.snapshots.contents(town.rig.paths.bare, ref.sha));
    expect((await Promise.all(kept)).map(({ head: of }) => of)).toContain(foreign);
  });

  test('P2: commits that somebody else pushed to the branch are not replaced', async () => {
    const { bead, worker } = await workerWithCommit(town);
    const foreign = town.remote.commit(worker.branch, { 'x.md': 'x' });
    await expect(worker.done()).rejects.toMatchObject({
      code: 'done.branch-foreign',
      hint: expect.stringContaining('rebase'),
    });
    expect(town.remote.head(worker.branch)).toBe(foreign);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });

  test('a push that the remote does not show is no done', async () => {
    const { bead, worker } = await workerWithCommit(town);
    town.remote.onPush(() => ({ pushed: true }));
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.push-failed' });
    expect(await town.mrs()).toEqual([]);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
    expect(
      (await town.row('furiosa'))?.labels.some((label) => label.startsWith('done-intent:COMPLETED')),
    ).toBe(true);
  });

  test('a push that reports failure after it arrived is a done', async () => {
    const { worker } = await workerWithCommit(town);
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

  test.each([
    { acceptanceCriteria: '- [x] one\n- [ ] two' },
    { description: '- [ ] a thought\n\n## Acceptance Criteria\n\n* [x] one\n* [ ] two\n\n## Notes' },
  ])('is refused while acceptance boxes are open: %j', async (text) => {
    const bead = await town.create(text);
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    const done = worker.done({ reason: 'nothing needed to be changed' });
    await expect(done).rejects.toMatchObject({
      code: 'done.criteria-open',
      message: expect.stringContaining('two'),
    });
  });

  test('boxes elsewhere are only lists', async () => {
    const bead = await town.create({
      description: '- [ ] a thought\n## Acceptance\n- [x] one\n## Later\n- [ ] x',
    });
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await worker.done({ reason: 'nothing needed to be changed' });
    expect(await town.bead(bead.id)).toMatchObject({ status: 'closed' });
  });

  test('the base commit is never handed in as the work', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    town.remote.commit('main', { 'other.md': 'other' });
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.no-commits' });
  });
});

describe('G6: after done', () => {
  test('a session at its prompt is stopped, one in its turn is left until a minute has passed', async () => {
    const { worker } = await workerWithCommit(town);
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
    const { worker } = await workerWithCommit(town);
    await worker.done();
    town.panes.show(worker.session, 'busy');
    await town.clock.advance(61_000);
    expect(await town.clock.drive(finishDone(town.ctx, town.rig, worker.name))).toMatchObject({
      kind: 'idle',
    });
  });

  test('P32: with polecat_self_terminate off it stays until the idle timeout', async () => {
    const { worker } = await workerWithCommit(town);
    const daemon = { polecat_self_terminate: false, polecat_idle_session_timeout: '10m' };
    await town.setTown({ operational: { daemon } });
    await worker.done();
    town.panes.show(worker.session, 'idle');
    const finish = () => town.clock.drive(finishDone(town.ctx, town.rig, worker.name));
    expect(await finish()).toMatchObject({ kind: 'ending' });
    await town.clock.advance(11 * 60_000);
    expect(await finish()).toMatchObject({ kind: 'idle' });
  });

  test('a worker that holds work is left alone', async () => {
    const { worker } = await workerWithCommit(town);
    expect(await finishDone(town.ctx, town.rig, worker.name)).toMatchObject({ kind: 'skipped' });
    expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({ branch: worker.branch });
  });
});
