import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { polecatNamed } from '../../../src/polecat/list.ts';
import { renewWorker } from '../../../src/polecat/dispatch/roll-forward.ts';
import { runDone } from '../../../src/polecat/done/run.ts';
import { removeIdentity } from '../../../src/polecat/identity/remove.ts';
import { nukePolecat } from '../../../src/polecat/nuke/run.ts';
import { asProcess, makeWorkTown, polecatAddress } from './town.ts';
import type { AnyTown, ProcessView, WorkTown } from './town.ts';
import { workerWithCommit } from './worker-with-commit.ts';

/* What somebody else does between a look and an act. */

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

/** A process of that town that gets its first lock only after `go`. */
async function slowProcess(view: ProcessView = {}): Promise<{ readonly town: AnyTown; go(): void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { locks } = town;
  const acquire: typeof locks.acquire = async (...args) => {
    await promise;
    return locks.acquire(...args);
  };
  return { town: await asProcess(town, { ...view, ports: { locks: { ...locks, acquire } } }), go: resolve };
}

/** A worker without work. */
async function idleWorker() {
  const { worker } = await workerWithCommit(town);
  await worker.done({ status: 'DEFERRED', reason: 'not today' });
  await town.panes.stop(worker.session, 0);
  return worker;
}

describe('P2: an idle worker that is given work meanwhile', () => {
  test('is not removed', async () => {
    const { name: worker } = await idleWorker();
    const slow = await slowProcess();
    const request = { rig: town.rig, worker, what: 'nuke', force: false } as const;
    const nuking = nukePolecat(slow.town.ctx, request);
    const { id } = await town.create();
    const { session } = await town.dispatch(id);
    slow.go();
    await expect(town.clock.drive(nuking)).rejects.toMatchObject({ code: 'nuke.holds-work' });
    expect(await town.row(worker)).toMatchObject({ agentState: 'spawning', hookBead: id });
    expect(await town.panes.observe(session)).toMatchObject({ kind: 'live' });
  });

  test('keeps its identity', async () => {
    const { name } = await idleWorker();
    await town.clock.drive(nukePolecat(town.ctx, { rig: town.rig, worker: name, what: 'nuke', force: true }));
    const view = await polecatNamed(town.ctx, town.rig, name);
    const { id } = await town.create();
    await town.dispatch(id);
    const removing = removeIdentity(town.ctx, town.rig, { view, force: false });
    await expect(removing).rejects.toMatchObject({ code: 'polecat.in-use' });
    expect(await town.row(name)).toMatchObject({ agentState: 'spawning', hookBead: id });
  });
});

describe('a done that waited', () => {
  test('finds that another one has handed in: its reason closes nothing', async () => {
    const { bead, worker } = await workerWithCommit(town);
    const actor = polecatAddress(worker.name);
    const slow = await slowProcess({ actor });
    const request = { agent: actor, status: 'COMPLETED', spawn: worker.spawn } as const;
    const second = runDone(slow.town.ctx, { ...request, reason: 'the page is there' });
    await town.clock.advance(1);
    await worker.done();
    slow.go();
    expect(await town.clock.drive(second)).toMatchObject({ exit: { kind: 'already', how: 'submitted' } });
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
    expect(await town.mrs()).toHaveLength(1);
  });

  test('finds that its session was replaced: what the next one has not committed stays so', async () => {
    const { bead, worker } = await workerWithCommit(town);
    const actor = polecatAddress(worker.name);
    const slow = await slowProcess({ actor });
    const late = runDone(slow.town.ctx, { agent: actor, status: 'COMPLETED', spawn: worker.spawn });
    await town.clock.advance(1);
    await town.clock.drive(renewWorker(town.ctx, town.rig, await town.bead(bead)));
    await worker.write('half.md', 'half');
    slow.go();
    await expect(town.clock.drive(late)).rejects.toMatchObject({ code: 'done.replaced' });
    expect((await town.git.worktrees.status(worker.worktree)).untracked).toEqual(['half.md']);
    expect(town.remote.branches()).toEqual(['main']);
  });
});
