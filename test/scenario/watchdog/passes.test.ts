import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExternalError } from '../../../src/core/errors.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { lockWorktree } from '../../../src/hooks/worktree.ts';
import { runDone } from '../../../src/polecat/done/run.ts';
import { readAttempts } from '../../../src/town/attempts.ts';
import { setAgentWanted, setTownWanted } from '../../../src/town/wanted.ts';
import { Stop } from '../../fakes/faults.ts';
import { dyingProcess } from '../work/killing.ts';
import { asProcess, makeWorkTown, polecatAddress, workerOf } from '../work/town.ts';
import type { WorkTown, Worker } from '../work/town.ts';
import { passesOf } from './daemon-town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const MINUTE = 60_000;

/** Sessions that were started, one entry per start. */
function countStarts(): string[] {
  const starts: string[] = [];
  town.panes.onBoot((start) => starts.push(`${start.session}#${start.spawn}`));
  return starts;
}

/** `gt done` of this worker, killed after a step of spec 11 G. */
async function dieInDone(worker: Worker, step: string): Promise<void> {
  const { town: dying, died } = await dyingProcess(town, step, 'after');
  const agent = polecatAddress(worker.name);
  const done = runDone({ ...dying.ctx, actor: agent }, { agent, status: 'COMPLETED', spawn: worker.spawn });
  await expect(town.clock.drive(done)).rejects.toThrow(Stop);
  expect(died()).toBe(true);
}

async function openAlerts(): Promise<readonly string[]> {
  const beads = await town.ledger.list({ labels: ['gt:escalation'], notStatus: ['closed'] });
  return beads.map(({ title }) => title);
}

test('a town where all is well: a pass does nothing', async () => {
  const bead = await town.create();
  const worker = await town.dispatch(bead.id);
  await worker.begin();
  town.panes.show(worker.session, 'busy');
  const report = await passesOf(town).pass();
  expect(report).toMatchObject({ outcomes: [], dispatched: 0, troubles: [] });
});

describe('P1, P11: an agent that dies', () => {
  test('is restarted at once in the same worktree with the next spawn number', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await worker.write('half.txt', 'half done');
    const starts = countStarts();
    town.panes.exit(worker.session, { signal: 'SIGKILL' });
    await passesOf(town).pass();
    expect(starts).toEqual([`${worker.session}#2`]);
    const again = await workerOf(town, worker.name, bead.id);
    expect(again).toMatchObject({ spawn: 2, branch: worker.branch, worktree: worker.worktree });
    expect(await town.files.readText(`${worker.worktree}/half.txt`)).toBe('half done');
    expect(await town.events('session_death')).toMatchObject([
      { reason: 'its session ended: signal SIGKILL' },
    ]);
  });

  test('a host killed without a word is found and restarted as well', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    town.panes.killHost(worker.session);
    await passesOf(town).pass();
    expect(await town.row(worker.name)).toMatchObject({ spawn: 2 });
  });

  test('while its sling is still at it, costs no attempt and is looked at again soon', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    const passes = passesOf(town);
    const sling = await lockWorktree(town.ctx, town.rig, { worker: worker.name, purpose: 'sling' });
    town.panes.exit(worker.session, { signal: 'SIGKILL' });
    const { outcomes, nextInMs } = await passes.pass();
    expect(outcomes).toMatchObject([{ result: 'pending' }]);
    expect(nextInMs).toBeLessThan(MINUTE / 2);
    expect((await readAttempts(town.ctx)).get(bead.id)).toBeUndefined();
    await sling[Symbol.asyncDispose]();
    await passes.pass();
    expect(await town.row(worker.name)).toMatchObject({ spawn: 2 });
    expect((await readAttempts(town.ctx)).get(bead.id)).toMatchObject({ count: 1 });
  });

  test('P11: 1,000 passes with an agent that always dies start it three times, then the bead is blocked once', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    const starts = countStarts();
    town.panes.onBoot((start) => {
      starts.push(`${start.session}#${start.spawn}`);
      town.panes.exit(start.session, { code: 1 });
    });
    town.panes.exit(worker.session, { code: 1 });
    await passesOf(town).run(1000, 30_000);
    expect(starts).toEqual([`${worker.session}#2`, `${worker.session}#3`]);
    expect(await town.bead(bead.id)).toMatchObject({ status: 'blocked', assignee: '' });
    expect(await town.events('escalation_sent')).toHaveLength(1);
    expect(await town.row(worker.name)).toMatchObject({ agentState: 'idle', hookBead: undefined });
  });

  test('P11: 1,000 passes with a runtime that cannot start give up after three tries', async () => {
    const bead = await town.create();
    const { town: dying } = await dyingProcess(town, 'F6', 'before');
    await dying.sling([bead.id]).catch(() => undefined);
    let tries = 0;
    const start = async (): Promise<void> => {
      tries += 1;
      throw new ExternalError({ code: 'tmux.failed', message: 'no space for a pane' });
    };
    const broken = await asProcess(town, { ports: { tmux: { ...town.ctx.ports.tmux, start } } });
    await passesOf(broken).run(1000, 30_000);
    expect(tries).toBe(3);
    expect(await town.bead(bead.id)).toMatchObject({ status: 'blocked', assignee: '' });
    expect(await town.events('escalation_sent')).toHaveLength(1);
  });

  test('one that was stopped on purpose is left alone, its work stays held', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await setAgentWanted(town.ctx, polecatAddress(worker.name), 'down');
    town.panes.exit(worker.session, { code: 0 });
    const [report] = await passesOf(town).run(10, MINUTE);
    expect(report?.outcomes).toEqual([]);
    expect(await town.bead(bead.id)).toMatchObject({ status: 'in_progress' });
  });

  test('an unreadable session is never judged dead', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    town.panes.exit(worker.session, { code: 1 });
    town.panes.breakState(worker.session, 'EIO');
    const starts = countStarts();
    await passesOf(town).run(20, MINUTE);
    expect(starts).toEqual([]);
  });
});

describe('many that die at once', () => {
  async function threeWorkers() {
    const beads = [await town.create(), await town.create(), await town.create()];
    const workers = [];
    for (const bead of beads) {
      const worker = await town.dispatch(bead.id);
      await worker.begin();
      workers.push(worker);
    }
    return { beads, workers };
  }

  test('are announced once, wait a minute, and no bead pays for it', async () => {
    const { beads, workers } = await threeWorkers();
    const starts = countStarts();
    for (const worker of workers) town.panes.exit(worker.session, { signal: 'SIGHUP' });
    const daemon = passesOf(town);
    const [first] = await daemon.run(1, 30_000);
    expect(first?.nextInMs).toBeLessThanOrEqual(MINUTE);
    expect(starts).toEqual([]);
    await daemon.run(3, 20_000);
    expect(starts).toHaveLength(3);
    expect(await town.events('mass_death')).toMatchObject([{ count: 3 }]);
    const attempts = await readAttempts(town.ctx);
    expect(beads.map(({ id }) => attempts.get(id))).toEqual([undefined, undefined, undefined]);
  });

  test('P11: again and again, they end blocked like any permanent failure', async () => {
    const { beads, workers } = await threeWorkers();
    let starts = 0;
    town.panes.onBoot(({ session }) => {
      starts += 1;
      town.panes.exit(session, { signal: 'SIGKILL' });
    });
    for (const worker of workers) town.panes.exit(worker.session, { signal: 'SIGKILL' });
    await passesOf(town).run(200, 30_000);
    for (const { id } of beads) expect((await town.bead(id)).status).toBe('blocked');
    expect(starts).toBeLessThanOrEqual(3 * 3);
    expect((await town.events('mass_death')).length).toBeLessThanOrEqual(4);
  });
});

describe('P6, P7: what a kill left is carried on', () => {
  test.each(['F3', 'F4', 'F5', 'F6'])('a sling killed after %s', async (step) => {
    const bead = await town.create();
    const { town: dying, died } = await dyingProcess(town, step, 'after');
    await dying.sling([bead.id]).catch(() => undefined);
    expect(died()).toBe(true);
    await passesOf(town).run(2, 1000);
    const held = await town.bead(bead.id);
    expect(held.status).toBe('hooked');
    const name = held.assignee.split('/').at(-1) ?? '';
    expect((await town.ctx.ports.panes.observe(`pj-${name}` as SessionName)).kind).toBe('live');
    const convoys = await town.hq.list({ type: ['convoy'] });
    expect(convoys).toHaveLength(1);
  });

  test.each(['G1', 'G2', 'G3', 'G4', 'G5'])('a done killed after %s', async (step) => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await worker.write('page.md', '# page\n');
    worker.commit();
    await dieInDone(worker, step);
    town.panes.exit(worker.session, { signal: 'SIGKILL' });
    await passesOf(town).run(3, 5000);
    const mrs = await town.mrs();
    expect(mrs.map(({ sourceIssue }) => sourceIssue)).toEqual([bead.id]);
    expect(town.remote.head(worker.branch)).toBe(mrs[0]?.commit);
    expect(await town.row(worker.name)).toMatchObject({ agentState: 'idle' });
    expect(await openAlerts()).toEqual([]);
  });

  test('P11: 1,000 passes with a remote that stays away: one open alert, closed when it is back', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await worker.write('page.md', '# page\n');
    worker.commit();
    await dieInDone(worker, 'G2');
    town.panes.exit(worker.session, { signal: 'SIGKILL' });
    town.remote.goOffline();
    const daemon = passesOf(town);
    const reports = await daemon.run(1000, 30_000);
    expect(await openAlerts()).toHaveLength(1);
    const tries = reports.flatMap(({ outcomes }) => outcomes).filter(({ result }) => result === 'failed');
    // Half an hour each at most once it has failed often: 500 minutes hold some sixty tries.
    expect(tries.length).toBeLessThan(70);
    town.remote.goOnline();
    await daemon.run(25, MINUTE);
    expect(await openAlerts()).toEqual([]);
    expect(await town.mrs()).toHaveLength(1);
  });
});

describe('what the daemon may not decide', () => {
  test('P10: a town wanted down only stops', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    const queued = await town.create();
    await setTownWanted(town.ctx, 'down');
    await town.sling([queued.id]);
    const report = await passesOf(town).pass();
    expect(report.wanted).toBe('down');
    expect((await town.ctx.ports.panes.observe(worker.session)).kind).not.toBe('live');
    expect(await town.bead(bead.id)).toMatchObject({ status: 'in_progress' });
    expect((await town.bead(queued.id)).status).toBe('open');
  });

  test('P10: taken down and up ten times, a town goes on with the work it had, as if nothing had been', async () => {
    const workers = [];
    for (let count = 0; count < 3; count += 1) {
      const worker = await town.dispatch((await town.create()).id, { force: true });
      await worker.begin();
      workers.push(worker);
    }
    for (let round = 0; round < 10; round += 1) {
      await setTownWanted(town.ctx, 'down');
      await passesOf(town).pass();
      await setTownWanted(town.ctx, 'up');
      await passesOf(town).pass();
      for (const { session } of workers)
        expect(await town.ctx.ports.panes.observe(session)).toMatchObject({
          kind: 'live',
          state: { spawn: round + 2 },
        });
    }
    expect(await readAttempts(town.ctx)).toEqual(new Map());
    expect(await town.events('session_death')).toEqual([]);
    expect(await town.events('mass_death')).toEqual([]);
  });

  test('a ledger that does not answer: nothing at all happens', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    town.panes.exit(worker.session, { code: 1 });
    const starts = countStarts();
    const { store } = town.ctx.ports;
    const mute = {
      ...store,
      health: async () =>
        ({ kind: 'sqlite', location: 'x', ok: false, error: 'EIO', databases: [] }) as const,
    };
    const blind = { ...town, ctx: { ...town.ctx, ports: { ...town.ctx.ports, store: mute } } };
    const reports = await passesOf(blind).run(50, MINUTE);
    expect(starts).toEqual([]);
    expect(reports[0]?.troubles).toEqual(['the ledger does not answer: EIO']);
  });

  test('a wanted state that cannot be read: nothing is started', async () => {
    await town.files.writeAtomic('/town/daemon/wanted.json', '{"half');
    await expect(passesOf(town).pass()).rejects.toMatchObject({ code: 'file.corrupt' });
  });

  test('one rig that cannot be read does not keep the others waiting', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    town.panes.exit(worker.session, { code: 1 });
    const text = (await town.files.readText('/town/mayor/rigs.json')) ?? '';
    const doc = JSON.parse(text) as { rigs: Record<string, unknown> };
    await town.files.writeAtomic(
      '/town/mayor/rigs.json',
      JSON.stringify({ rigs: { ...doc.rigs, lost: { git_url: 'x' } } }),
    );
    const report = await passesOf(town).pass();
    expect(report.troubles.join()).toContain('rig lost');
    expect(await town.row(worker.name)).toMatchObject({ spawn: 2 });
  });
});

test('a queued bead is dispatched by a pass when its slot is free', async () => {
  await town.setTown({ scheduler: { max_polecats: 1 } });
  const [first, second] = [await town.create(), await town.create()];
  const worker = await town.dispatch(first.id);
  await town.sling([second.id]);
  expect((await town.bead(second.id)).status).toBe('open');
  await worker.begin();
  await worker.write('a.md', '# a\n');
  worker.commit();
  await worker.done();
  await passesOf(town).run(2, 1000);
  expect((await town.bead(second.id)).status).toBe('hooked');
});
