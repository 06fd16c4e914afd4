import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionOf } from '../../../src/core/address.ts';
import { ExternalError, UnavailableError } from '../../../src/core/errors.ts';
import { ensureMissingConvoys } from '../../../src/convoy/ensure.ts';
import { rollForwardDispatch } from '../../../src/polecat/dispatch/roll-forward.ts';
import { runSling } from '../../../src/polecat/sling/run.ts';
import { Stop, createFaults } from '../../fakes/faults.ts';
import { dyingProcess, effectCalls, killablePorts } from './killing.ts';
import { asProcess, describe as say, makeWorkTown, polecatAddress, workerOf } from './town.ts';
import type { AnyTown, WorkTown } from './town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

/** What a daemon or `gt up` does for beads that a dead sling left behind. */
async function rollForward(): Promise<void> {
  await ensureMissingConvoys(town.ctx);
  for (const bead of await town.ledger.list({ status: ['hooked', 'in_progress'] })) {
    const outcome = await town.clock.drive(rollForwardDispatch(town.ctx, town.rig, bead));
    expect(outcome.kind).toBe('carried');
  }
}

async function expectFullySlung(bead: string): Promise<void> {
  const row = await town.bead(bead);
  const name = row.assignee.split('/').at(-1) ?? '';
  const worker = await workerOf(town, name, bead);
  expect(await town.row(name)).toMatchObject({ agentState: 'spawning', hookBead: bead, spawn: 1 });
  expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({
    branch: worker.branch,
    head: town.remote.head('main'),
    changed: [],
    untracked: [],
  });
  expect(await town.panes.observe(worker.session)).toMatchObject({ kind: 'live', state: { spawn: 1, bead } });
  const convoys = await town.hq.list({ type: ['convoy'], status: ['open'] });
  expect(convoys).toHaveLength(1);
  expect((await town.hq.edgesFrom([convoys[0]?.id ?? ''])).map((edge) => edge.to)).toEqual([bead]);
}

async function expectNeverSlung(bead: string): Promise<void> {
  expect(await town.bead(bead)).toMatchObject({
    status: 'open',
    assignee: '',
    description: '',
    metadata: {},
  });
  expect(await town.hq.list({ type: ['convoy'], status: ['open'] })).toEqual([]);
  for (const session of await town.panes.list()) {
    expect((await town.panes.observe(session)).kind).not.toBe('live');
  }
}

describe('P6: sling killed at a step, then rolled forward', () => {
  const steps = [1, 2, 3, 4, 5, 6, 7].flatMap((step) => [
    [`F${step}`, 'before'] as const,
    [`F${step}`, 'after'] as const,
  ]);

  test.each(steps)('%s:%s is never slung or fully slung, and can be slung then', async (step, when) => {
    const bead = await town.create();
    const { town: killed, died } = await dyingProcess(town, step, when);
    await expect(town.clock.drive(runSling(killed.ctx, { words: [bead.id], options: {} }))).rejects.toThrow(
      Stop,
    );
    expect(died()).toBe(true);
    await rollForward();
    const hooked = (await town.bead(bead.id)).status === 'hooked';
    expect(hooked).toBe(!['F1', 'F2'].includes(step) && `${step}:${when}` !== 'F3:before');
    if (hooked) return expectFullySlung(bead.id);
    await expectNeverSlung(bead.id);
    await town.dispatch(bead.id);
    await expectFullySlung(bead.id);
  });
});

describe('P6: sling killed after any call that changes something', () => {
  test('is never slung or fully slung', async () => {
    const bead = await town.create();
    const places = effectCalls(await killAtCall(bead.id, Number.POSITIVE_INFINITY));
    expect(places.length).toBeGreaterThan(20);
    for (const n of places) {
      await town.close();
      town = await makeWorkTown();
      const { id } = await town.create();
      await killAtCall(id, n);
      await rollForward();
      if ((await town.bead(id)).status === 'hooked') await expectFullySlung(id);
      else await expectNeverSlung(id);
    }
  }, 60_000);

  async function killAtCall(bead: string, n: number): Promise<readonly string[]> {
    const faults = createFaults();
    const { ports, die } = killablePorts(town, faults);
    const killed = await asProcess(town, { ports });
    const before = faults.calls.length;
    faults.stopAt(before + n, 'after');
    await town.clock.drive(
      runSling(killed.ctx, { words: [bead], options: {} }).catch((error: unknown) => {
        if (!faults.stopped) throw error;
      }),
    );
    die();
    return faults.calls.slice(before);
  }
});

describe('P6: a step that fails while the sling lives', () => {
  test.each([
    ['a convoy that cannot be made', 'F4', () => failStore()],
    ['a worktree that cannot be made', 'F5', () => failPort('git', 'git.worktrees.add')],
    ['a session that cannot start', 'F6', () => failPort('tmux', 'tmux.start')],
  ] as const)('%s is taken back: never slung', async (_what, _step, broken) => {
    const bead = await town.create();
    const faulty = await broken();
    const [result] = await town.clock.drive(runSling(faulty.ctx, { words: [bead.id], options: {} }));
    expect(result).toMatchObject({ kind: 'failed' });
    await expectNeverSlung(bead.id);
    expect(await town.row('furiosa')).toMatchObject({ agentState: 'idle', hookBead: undefined });
    await town.dispatch(bead.id);
  });

  test('a worker that started and does not end keeps the bead: nobody else gets it', async () => {
    const { id } = await town.create();
    const failpoint = (step: string, when: string): void => {
      if (`${step}:${when}` !== 'F7:before') return;
      town.panes.breakState(sessionOf(polecatAddress('furiosa'), town.rig.prefix), 'torn');
      throw new ExternalError({ code: 'test.broken', message: 'it broke' });
    };
    const faulty = await asProcess(town, { failpoint });
    const [result] = await town.clock.drive(runSling(faulty.ctx, { words: [id], options: {} }));
    expect(say(result)).toContain('sling.half-done');
    expect(await town.bead(id)).toMatchObject({ status: 'hooked', assignee: 'proj/polecats/furiosa' });
  });

  async function failPort(port: 'git' | 'tmux', method: string): Promise<AnyTown> {
    const faults = createFaults();
    faults.failOn(method, 1, await anError());
    return asProcess(town, { ports: { [port]: faults.wrap(port, town.ctx.ports[port]) } });
  }

  async function failStore(): Promise<AnyTown> {
    const faults = createFaults();
    const process = await asProcess(town, { failpoint: (step, when) => arm(faults, `${step}:${when}`) });
    const hq = faults.wrap('hq', await process.ctx.ledgers.hq());
    return { ...process, ctx: { ...process.ctx, ledgers: { ...process.ctx.ledgers, hq: async () => hq } } };
  }

  function arm(faults: ReturnType<typeof createFaults>, at: string): void {
    if (at === 'F4:before')
      faults.failOn(
        'hq.transaction',
        1,
        new UnavailableError({ code: 'store.unavailable', message: 'gone' }),
      );
  }

  async function anError(): Promise<Error> {
    return new ExternalError({ code: 'test.broken', message: 'it broke' });
  }
});

describe('P11: forward that fails again and again', () => {
  test('blocks the bead after three attempts, with one escalation', async () => {
    const bead = await town.create();
    const { town: killed } = await dyingProcess(town, 'F4', 'after');
    await expect(town.clock.drive(runSling(killed.ctx, { words: [bead.id], options: {} }))).rejects.toThrow(
      Stop,
    );
    town.remote.goOffline();
    await town.git.objects.updateRef(town.rig.paths.bare, 'refs/remotes/origin/main', {
      to: undefined,
      from: 'any',
    });
    const outcomes = [];
    for (let n = 0; n < 4; n += 1) {
      outcomes.push(
        await town.clock.drive(rollForwardDispatch(town.ctx, town.rig, await town.bead(bead.id))),
      );
    }
    expect(outcomes).toMatchObject([
      { kind: 'failed', attempts: 1, blocked: false },
      { kind: 'failed', attempts: 2, blocked: false },
      { kind: 'failed', attempts: 3, blocked: true },
      { kind: 'skipped' },
    ]);
    expect(await town.bead(bead.id)).toMatchObject({ status: 'blocked', assignee: '' });
    expect(await town.row('furiosa')).toMatchObject({ agentState: 'idle' });
    expect(await town.events('escalation_sent')).toHaveLength(1);
    const [comment] = await town.ledger.comments(bead.id);
    expect(comment?.text).toContain('Given up after 3 failed starts');
  });
});
