import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeAttachment } from '../../../src/beads/forms/attachment.ts';
import type { AttachmentPatch } from '../../../src/beads/forms/attachment.ts';
import { submitMergeRequest, updateMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import { finishDone } from '../../../src/polecat/done/finish.ts';
import { OVERSEER } from '../../../src/core/address.ts';
import { readInbox } from '../../../src/mail/inbox.ts';
import { runDone } from '../../../src/polecat/done/run.ts';
import { Stop } from '../../fakes/faults.ts';
import { dyingProcess } from './killing.ts';
import { readChannel } from '../../../src/town/channel.ts';
import { makeWorkTown, polecatAddress } from './town.ts';
import type { Worker, WorkTown } from './town.ts';
import { workerWithCommit } from './worker-with-commit.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

async function attach(bead: string, patch: AttachmentPatch): Promise<void> {
  await town.ledger.transaction('overseer', async (tx) => {
    const { description } = await tx.find(bead);
    await tx.update(bead, { description: writeAttachment(description, patch) });
  });
}

async function directWorker(): Promise<{ readonly bead: string; readonly worker: Worker }> {
  const made = await workerWithCommit(town);
  await attach(made.bead, { mergeStrategy: 'direct' });
  return made;
}

const localBranch = (branch: string) => town.git.objects.resolve(town.rig.paths.bare, `refs/heads/${branch}`);

describe('strategy direct', () => {
  test('P8: moves the target to exactly the worker’s head, and only then closes the bead', async () => {
    const { bead, worker } = await directWorker();
    await worker.write('more.md', 'more');
    const report = await worker.done();
    expect(report).toMatchObject({ exit: { kind: 'landed', target: 'main' } });
    expect(town.remote.head('main')).toBe(report.head);
    expect(town.remote.filesOf('main')).toMatchObject({ 'page.md': '# Page\n', 'more.md': 'more' });
    expect(await town.bead(bead)).toMatchObject({
      status: 'closed',
      closeReason: expect.stringMatching(/^Merged in [0-9a-f]{12}: pushed to main$/) as string,
    });
    expect(await town.mrs()).toEqual([]);
    expect(town.remote.branches()).toEqual(['main']);
    expect(await localBranch(worker.branch)).toBeUndefined();
    expect(await town.rescues()).toEqual([]);
  });

  test('lands on the base it was slung for, not on the default branch', async () => {
    town.remote.setBranch('release', town.remote.head('main'));
    const { id } = await town.create();
    const worker = await town.dispatch(id, { baseBranch: 'release' });
    await attach(id, { mergeStrategy: 'direct' });
    await worker.begin();
    await worker.write('page.md', 'x');
    const main = town.remote.head('main');
    const { head } = await worker.done();
    expect(town.remote.head('release')).toBe(head);
    expect(town.remote.head('main')).toBe(main);
  });

  test('P8: is refused when the target has what the worker has not seen; nothing moves, the work goes on', async () => {
    const { bead, worker } = await directWorker();
    const theirs = town.remote.commit('main', { 'other.md': 'other' });
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.base-moved' });
    expect(town.remote.head('main')).toBe(theirs);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
    expect((await town.row('furiosa'))?.labels).toEqual(['gt:agent']);
  });

  test('P8: somebody pushes between the look and the push: the lease holds', async () => {
    const { bead, worker } = await directWorker();
    let theirs: string | undefined;
    town.remote.onPush((_spec, apply) => {
      theirs ??= town.remote.commit('main', { 'other.md': 'other' });
      return apply();
    });
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.base-moved' });
    expect(town.remote.head('main')).toBe(theirs);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });

  test('P8: a push that the remote does not show closes nothing', async () => {
    const { bead, worker } = await directWorker();
    town.remote.onPush(() => ({ pushed: true }));
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.push-failed' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });

  test('a push whose answer is lost is a landing when the remote has it', async () => {
    const { bead, worker } = await directWorker();
    town.remote.onPush((_spec, apply) => {
      apply();
      return { pushed: false, cause: 'timeout', why: 'no answer' };
    });
    expect(await worker.done()).toMatchObject({ exit: { kind: 'landed' } });
    expect(await town.bead(bead)).toMatchObject({ status: 'closed' });
  });

  test('P7: a worker that only followed the target has landed nothing', async () => {
    const { id } = await town.create();
    const worker = await town.dispatch(id);
    await attach(id, { mergeStrategy: 'direct' });
    await worker.begin();
    const tip = town.remote.commit('main', { 'other.md': 'other' });
    await town.git.remotes.fetch(town.rig.paths.bare, 'origin', ['main']);
    await town.git.worktrees.checkout(worker.worktree, { commit: tip });
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.no-commits' });
  });
});

describe('the strategy is the bead’s, else the convoy’s, else the merge queue', () => {
  const convoyMerges = async (bead: string, merge: string): Promise<void> => {
    const convoy = await town.hq.transaction('x', (tx) =>
      tx.create({ title: 'C', type: 'convoy', description: `Merge: ${merge}` }),
    );
    await attach(bead, { convoyId: convoy.id });
  };

  test('a convoy that stays local', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await convoyMerges(bead, 'local');
    const { head } = await worker.done();
    expect(town.remote.branches()).toEqual(['main']);
    expect(await localBranch(worker.branch)).toBe(head);
    expect(await town.bead(bead)).toMatchObject({ status: 'closed' });
  });

  test('a bead of it that says otherwise', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await convoyMerges(bead, 'local');
    await attach(bead, { mergeStrategy: 'mr' });
    expect(await worker.done()).toMatchObject({ exit: { kind: 'submitted' } });
  });

  test('a word that means nothing is the merge queue', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await convoyMerges(bead, 'yolo');
    expect(await worker.done()).toMatchObject({ exit: { kind: 'submitted' } });
  });
});

describe('the target', () => {
  const inEpic = async (epic: { readonly title: string; readonly description?: string }) => {
    const parent = await town.create({ ...epic, type: 'epic' });
    const task = await town.create({ parent: parent.id });
    const worker = await town.dispatch(task.id);
    await worker.begin();
    await worker.write('page.md', 'x');
    return { worker, epic: parent.id };
  };
  const targetOf = async (worker: Worker, target?: string): Promise<string | undefined> => {
    await worker.done({ target });
    return (await town.mrs())[0]?.target;
  };

  test.each([
    ['named in the epic', 'Big thing', 'feature/big', 'integration_branch: feature/big'],
    ['by the rig’s template', 'Big   thing!', 'integration/big-thing', ''],
  ])('is the epic’s integration branch, %s', async (_how, title, branch, description) => {
    town.remote.setBranch(branch, town.remote.head('main'));
    const { worker } = await inEpic({ title, description });
    expect(await targetOf(worker)).toBe(branch);
  });

  test('is the default branch when the integration branch is not on the remote', async () => {
    const { worker } = await inEpic({ title: 'Big', description: 'integration_branch: feature/gone' });
    expect(await targetOf(worker)).toBe('main');
  });

  test('P32: integration_branch_polecat_enabled=false leaves the integration branch aside', async () => {
    town.remote.setBranch('integration/big', town.remote.head('main'));
    await town.files.writeAtomic(
      `${town.root}/proj/settings/config.json`,
      JSON.stringify({ type: 'rig-settings', merge_queue: { integration_branch_polecat_enabled: false } }),
    );
    const { worker } = await inEpic({ title: 'Big' });
    expect(await targetOf(worker)).toBe('main');
  });

  test('--target wins over all, and must be on the remote', async () => {
    town.remote.setBranch('integration/big', town.remote.head('main'));
    town.remote.setBranch('release', town.remote.head('main'));
    const { worker } = await inEpic({ title: 'Big' });
    await expect(worker.done({ target: 'relaese' })).rejects.toMatchObject({ code: 'done.no-target' });
    expect(await targetOf(worker, 'release')).toBe('release');
  });
});

describe('gt done --resume', () => {
  test('goes on as it was asked for, not as a completed one', async () => {
    const { bead, worker } = await workerWithCommit(town);
    town.remote.onPush(() => ({ pushed: false, cause: 'unreachable', why: 'down' }));
    await expect(worker.done({ status: 'DEFERRED', reason: 'waits for a key' })).rejects.toMatchObject({
      code: 'done.push-failed',
    });
    town.remote.onPush(undefined);
    expect(await worker.done({ resume: true })).toMatchObject({ exit: { kind: 'deferred' } });
    expect(await town.bead(bead)).toMatchObject({ status: 'open' });
  });

  test('is refused when none was interrupted', async () => {
    const { worker } = await workerWithCommit(town);
    await expect(worker.done({ resume: true })).rejects.toMatchObject({ code: 'done.not-begun' });
    expect(await town.mrs()).toEqual([]);
  });

  test('of one that is over is over', async () => {
    const { worker } = await workerWithCommit(town);
    await worker.done();
    expect(await worker.done({ resume: true })).toMatchObject({ exit: { kind: 'already' } });
  });
});

describe('what a done leaves to read', () => {
  test('a file for the merge queue and one for the witness', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done();
    const [mr] = await town.mrs();
    const about = { rig: 'proj', branch: worker.branch, issue: bead, mr: mr?.id };
    expect(await readChannel(town.ctx, 'refinery', 'look')).toMatchObject([
      {
        path: expect.stringMatching(/\/\d{19}-\d+-\d+\.event$/) as string,
        content: { type: 'MQ_SUBMIT', channel: 'refinery', payload: { ...about, worker: 'furiosa' } },
      },
    ]);
    expect(await readChannel(town.ctx, 'witness', 'look')).toMatchObject([
      { content: { type: 'POLECAT_DONE', payload: { ...about, polecat: 'furiosa', exit: 'COMPLETED' } } },
    ]);
  });

  test('what the worker said, as a comment; its own word on the worktree, as a hint', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done({ reason: 'left the old page in place', cleanupStatus: 'uncommitted' });
    const comments = await town.ledger.comments(bead);
    expect(comments.map(({ text }) => text)).toContain(
      'Handed in by proj/polecats/furiosa: left the old page in place',
    );
    expect(await town.row('furiosa')).toMatchObject({ cleanupStatus: 'has_uncommitted' });
  });

  test.each([
    ['no-merge', { noMerge: true }],
    ['review-only', { reviewOnly: true }],
  ])('%s: one mail to who slung it, also when the first try died', async (_name, options) => {
    const { id } = await town.create();
    const worker = await town.dispatch(id, options);
    await worker.begin();
    await worker.write('page.md', 'x');
    const { town: killed } = await dyingProcess(town, 'G3', 'after');
    const request = { agent: polecatAddress('furiosa'), status: 'COMPLETED', spawn: 1 } as const;
    await expect(town.clock.drive(runDone(killed.ctx, request))).rejects.toThrow(Stop);
    const { head } = await worker.done();
    const box = await readInbox(town.ctx, OVERSEER);
    expect(box).toMatchObject([
      {
        subject: `READY_FOR_REVIEW: ${id}`,
        from: 'proj/furiosa',
        body: expect.stringContaining(head ?? '?'),
      },
    ]);
  });

  test('a bead that is not to be merged tells a rig of pull requests which one to open', async () => {
    await town.files.writeAtomic(
      `${town.root}/proj/settings/config.json`,
      JSON.stringify({ type: 'rig-settings', merge_queue: { merge_strategy: 'pr' } }),
    );
    const { id } = await town.create();
    const worker = await town.dispatch(id, { noMerge: true });
    await worker.begin();
    await worker.write('page.md', 'x');
    const { head } = await worker.done();
    expect((await town.bead(id)).metadata['pull_request']).toEqual({
      branch: worker.branch,
      target: 'main',
      head,
    });
  });

  test('no merge request that was sent back, when the work turns out to need no change', async () => {
    const { bead, worker } = await workerWithCommit(town);
    const { bare } = town.rig.paths;
    await town.git.remotes.push(worker.worktree, {
      to: 'origin',
      updates: [{ ref: `refs/heads/${worker.branch}`, sha: (await localBranch(worker.branch)) ?? undefined }],
    });
    const commit = await localBranch(worker.branch);
    if (commit === undefined) throw new Error('no branch');
    await town.ledger.transaction('proj/refinery', async (tx) => {
      const { mr } = await submitMergeRequest(tx, {
        rig: town.rig.name,
        branch: worker.branch,
        target: 'main',
        commit,
        sourceIssue: (await tx.find(bead)).id,
      });
      await updateMergeRequest(tx, mr, { fields: { phase: 'evicted' } });
    });
    const start = await town.git.objects.resolve(bare, 'refs/remotes/origin/main');
    await town.git.worktrees.checkout(worker.worktree, { commit });
    await town.git.objects.updateRef(bare, `refs/heads/${worker.branch}`, { to: start, from: 'any' });
    if (start !== undefined)
      await town.git.worktrees.checkout(worker.worktree, { commit: start, branch: worker.branch });
    await worker.done({ reason: 'it is fixed on main already' });
    expect(await town.bead(bead)).toMatchObject({ status: 'closed' });
    expect(await town.mrs()).toEqual([]);
  });

  test('an empty branch goes with the work that needed none', async () => {
    const { id } = await town.create();
    const worker = await town.dispatch(id);
    await worker.begin();
    await worker.done({ reason: 'it is fixed on main already' });
    expect(await localBranch(worker.branch)).toBeUndefined();
  });
});

describe('a worktree that is gone', () => {
  test('P2: its commits are handed in from the branch, and the worker is free', async () => {
    const { worker } = await workerWithCommit(town);
    const tip = await localBranch(worker.branch);
    await town.files.remove(worker.worktree);
    const report = await worker.done();
    expect(report).toMatchObject({ exit: { kind: 'submitted' }, head: tip });
    expect(report.warnings).toEqual([expect.stringContaining('worktree is gone')]);
    expect(town.remote.head(worker.branch)).toBe(tip);
    await town.panes.stop(worker.session, 0);
    expect(await finishDone(town.ctx, town.rig, worker.name)).toMatchObject({ kind: 'idle' });
  });
});

test('caches of tools are never committed, what lies beside them is', async () => {
  const { worker } = await workerWithCommit(town);
  await worker.write('lib/node_modules/x/index.js', 'x');
  await worker.write('lib/own.js', 'own');
  await worker.done();
  const files = town.remote.filesOf(worker.branch);
  expect(Object.keys(files).sort()).toEqual(['README.md', 'lib/own.js', 'page.md']);
});
