import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFaults } from '../../fakes/faults.ts';
import { runDone } from '../../../src/polecat/done/run.ts';
import { peekWork } from '../../../src/hooks/begin-work.ts';
import { asProcess, makeWorkTown, polecatAddress } from './town.ts';
import type { Worker, WorkTown } from './town.ts';
import { workerWithCommit } from './worker-with-commit.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown({ '.beads/metadata.json': '{}' });
});
afterEach(() => town.close());

async function workerWithNothing(): Promise<{ readonly bead: string; readonly worker: Worker }> {
  const { id } = await town.create();
  const worker = await town.dispatch(id);
  await worker.begin();
  return { bead: id, worker };
}

const mainFiles = () => Object.keys(town.remote.filesOf('main')).sort();

describe('P7: done means done', () => {
  test('a changed file of gt is no work', async () => {
    const { bead, worker } = await workerWithNothing();
    await town.files.remove(`${worker.worktree}/.beads/metadata.json`);
    await worker.write('.claude/settings.json', '{}');
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.no-commits' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });

  test('a task without a change is not closed for the lack of one', async () => {
    const { bead, worker } = await workerWithNothing();
    for (const reason of [undefined, '', 'n/a', ' '.repeat(40)])
      await expect(worker.done({ reason })).rejects.toMatchObject({ code: 'done.no-commits' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });

  test('the commit it started from is never the fix', async () => {
    const { worker } = await workerWithNothing();
    const tip = town.remote.commit('main', { 'other.md': 'of somebody else' });
    await town.git.remotes.fetch(town.rig.paths.bare, 'origin', ['main']);
    await town.git.worktrees.checkout(worker.worktree, { commit: tip, branch: worker.branch });
    await expect(worker.done()).rejects.toMatchObject({ code: 'done.no-commits' });
  });

  test('without a merge request it fails, and the next try makes one', async () => {
    const { bead, worker } = await workerWithCommit(town);
    const faults = createFaults();
    const broken = await asProcess(town, {
      actor: polecatAddress('furiosa'),
      ports: { store: faults.wrap('store', town.ctx.ports.store) },
      failpoint: (step, when) => {
        if (step === 'G4' && when === 'before')
          faults.failAt(faults.calls.length + 1, new Error('disk full'));
      },
    });
    const request = { agent: polecatAddress('furiosa'), status: 'COMPLETED', spawn: 1 } as const;
    await expect(town.clock.drive(runDone(broken.ctx, request))).rejects.toThrow('disk full');
    expect(await town.mrs()).toEqual([]);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
    await worker.done();
    expect(await town.mrs()).toMatchObject([{ sourceIssue: bead }]);
  });

  test('what is handed in is on nobody’s hook and not open to be taken', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done();
    const hook = await peekWork(town.ctx, { rig: town.rig, agent: polecatAddress('furiosa') });
    expect(hook).toMatchObject({ kind: 'nothing', submitted: { bead: { id: bead } } });
    expect((await town.ledger.ready({})).map(({ id }) => id)).not.toContain(bead);
  });

  test('a reason is no way past the queue for work that has commits', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.done({ reason: 'the failing test failed before my change too' });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
    expect(await town.mrs()).toHaveLength(1);
  });

  test('a bead that is closed is not handed in again, and its late commits are kept', async () => {
    const { bead, worker } = await workerWithCommit(town);
    await town.ledger.transaction('overseer', (tx) => tx.close(bead, { reason: 'by hand', force: true }));
    const report = await worker.done();
    expect(report).toMatchObject({ exit: { kind: 'already', how: 'closed' } });
    expect(await town.mrs()).toEqual([]);
    expect(await town.rescues()).toHaveLength(1);
    expect(mainFiles()).toEqual(['.beads/metadata.json', 'README.md']);
  });
});
