import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renewWorker, respawnWorker } from '../../../src/polecat/dispatch/roll-forward.ts';
import type { RollForward } from '../../../src/polecat/dispatch/roll-forward.ts';
import { asProcess, makeWorkTown, polecatAddress } from './town.ts';
import type { Worker, WorkTown } from './town.ts';

let town: WorkTown;
let bead: string;
let worker: Worker;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.setTown({ agents: { helper: { command: 'helper', provider: 'claude' } } });
  bead = (await town.create({ title: 'Add a page' })).id;
  worker = await town.dispatch(bead);
  atWork();
});
afterEach(() => town.close());

/** It was at its prompt once, and has begun. */
function atWork(): void {
  town.panes.show(worker.session, 'ready');
  town.panes.show(worker.session, 'busy');
}

const respawn = async (): Promise<RollForward> =>
  town.clock.drive(respawnWorker(town.ctx, town.rig, { bead: await town.bead(bead), death: 'forgiven' }));
const started = () => town.panes.started(worker.session);

describe('the next session of a worker that died', () => {
  test('goes on in the conversation of the last one, in the same worktree, and is told to look', async () => {
    const first = started();
    town.panes.killHost(worker.session);
    expect(await respawn()).toMatchObject({ kind: 'carried', spawn: 2 });
    expect(started()).toMatchObject({
      spawn: 2,
      cwd: first?.cwd,
      conversation: first?.conversation,
      resumed: true,
    });
    expect(started()?.argv.join(' ')).toContain(`--resume ${first?.conversation}`);
    expect(started()?.argv.at(-1)).toContain('see what is there');
  });

  test('takes the conversation that the agent was in last', async () => {
    await town.panes.ready(worker.session, 1, 'after-clear');
    town.panes.killHost(worker.session);
    await respawn();
    expect(started()?.argv.join(' ')).toContain('--resume after-clear');
  });

  test('P11: begins anew when going on ended it again at once', async () => {
    town.panes.killHost(worker.session);
    await respawn();
    atWork();
    town.panes.killHost(worker.session);
    await respawn();
    expect(started()).toMatchObject({ spawn: 3 });
    expect(started()?.argv).not.toContain('--resume');
  });

  test('D10: a session that lives is not replaced for the death of an earlier one', async () => {
    expect(await respawn()).toMatchObject({ kind: 'skipped' });
    expect(started()).toMatchObject({ spawn: 1 });
  });
});

describe('a worker that hands over to itself', () => {
  test('is replaced in its own pane by a new conversation with the same bead, though its host lives on', async () => {
    const before = await town.panes.observe(worker.session);
    const inside = await asProcess(town, {
      actor: polecatAddress(worker.name),
      env: { GT_SESSION: worker.session },
    });
    await town.clock.drive(renewWorker(inside.ctx, town.rig, await town.bead(bead)));
    const after = await town.panes.observe(worker.session);
    expect(after).toMatchObject({ kind: 'live', state: { spawn: 2, bead } });
    const hosts = [before, after].map((seen) => ('state' in seen ? seen.state.host : undefined));
    expect(hosts[1]).toEqual(hosts[0]);
    expect(started()?.argv).not.toContain('--resume');
    expect(await town.bead(bead)).toMatchObject({ status: 'hooked', assignee: 'proj/polecats/furiosa' });
  });
});
