import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeAttachment } from '../../../src/beads/forms/attachment.ts';
import type { AttachmentPatch } from '../../../src/beads/forms/attachment.ts';
import { OVERSEER } from '../../../src/core/address.ts';
import { readInbox } from '../../../src/mail/inbox.ts';
import { finishDone } from '../../../src/polecat/done/finish.ts';
import type { DoneRequest } from '../../../src/polecat/done/request.ts';
import { resumeDone } from '../../../src/polecat/done/resume.ts';
import { runDone } from '../../../src/polecat/done/run.ts';
import { Stop, createFaults } from '../../fakes/faults.ts';
import { dyingProcess, effectCalls, killablePorts } from './killing.ts';
import { asProcess, makeWorkTown, polecatAddress } from './town.ts';
import type { Worker, WorkTown } from './town.ts';
import { workerWithCommit } from './worker-with-commit.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const STEPS = [1, 2, 3, 4, 5, 6, 7].flatMap((step) => [
  [`G${step}`, 'before'] as const,
  [`G${step}`, 'after'] as const,
]);

const DIRECT: AttachmentPatch = { mergeStrategy: 'direct' };

async function attach(bead: string, patch: AttachmentPatch): Promise<void> {
  await town.ledger.transaction('x', async (tx) => {
    const { description } = await tx.find(bead);
    await tx.update(bead, { description: writeAttachment(description, patch) });
  });
}

/** How each exit of spec 11 G leaves the bead, with where its commit is then. */
const EXITS: Readonly<Record<string, Exit>> = {
  direct: { attachment: DIRECT, bead: { status: 'closed' }, on: ['main'] },
  local: { attachment: { mergeStrategy: 'local' }, bead: { status: 'closed' }, on: [] },
  'no merge': { attachment: { noMerge: true }, bead: { status: 'closed' }, on: ['own'] },
  escalated: { ask: { status: 'ESCALATED', reason: 'no key' }, bead: { status: 'in_progress' }, on: ['own'] },
  deferred: { ask: { status: 'DEFERRED', reason: 'no key' }, bead: { status: 'open' }, on: ['own'] },
};

interface Exit {
  readonly attachment?: AttachmentPatch;
  readonly ask?: Pick<DoneRequest, 'status' | 'reason'>;
  readonly bead: { readonly status: string };
  readonly on: readonly ('main' | 'own')[];
}

describe.each(Object.entries(EXITS))('P6: gt done, %s, killed at a step and carried on', (_name, exit) => {
  const { attachment = {}, ask = { status: 'COMPLETED' }, bead: wanted, on } = exit;

  test.each(STEPS)('%s:%s ends as it was meant, or as not begun', async (step, when) => {
    const { bead, worker } = await workerWithCommit(town);
    await attach(bead, attachment);
    await worker.write('more.md', 'more');
    const { town: killed } = await dyingProcess(town, step, when);
    const request = { agent: polecatAddress('furiosa'), spawn: 1, ...ask } as const;
    await town.clock.drive(
      runDone(killed.ctx, request).catch((error: unknown) => {
        if (!(error instanceof Stop)) throw error;
      }),
    );
    town.panes.killHost(worker.session);
    await town.clock.drive(resumeDone(town.ctx, town.rig, worker.name));
    await town.clock.drive(finishDone(town.ctx, town.rig, worker.name));
    const begun = !(step === 'G1' && when === 'before');
    expect(await town.bead(bead)).toMatchObject(begun ? wanted : { status: 'in_progress' });
    expect(await town.mrs()).toEqual([]);
    expect((await town.row('furiosa'))?.labels).toEqual(['gt:agent']);
    const calls = begun && ask.status === 'ESCALATED' ? 1 : 0;
    const alerts = { labels: ['gt:escalation'], notStatus: ['closed'] };
    expect(await town.ledger.list(alerts)).toHaveLength(calls);
    const letters = (await readInbox(town.ctx, OVERSEER)).filter(({ subject }) =>
      subject.startsWith('[HIGH]'),
    );
    expect(letters).toHaveLength(calls);
    if (!begun) return;
    for (const place of on) {
      const branch = place === 'own' ? worker.branch : place;
      expect(town.remote.filesOf(branch)).toMatchObject({ 'page.md': '# Page\n', 'more.md': 'more' });
    }
    const elsewhere = town.remote.branches().filter((branch) => branch !== 'main');
    expect(elsewhere).toEqual(on.includes('own') ? [worker.branch] : []);
  });
});

describe('gt done killed at a step, then carried on by the daemon', () => {
  test.each(STEPS)('%s:%s ends as handed in, once', async (step, when) => {
    const { bead, worker } = await workerWithCommit(town);
    await worker.write('more.md', 'more');
    const { town: killed, died } = await dyingProcess(town, step, when);
    const request = { agent: polecatAddress('furiosa'), status: 'COMPLETED', spawn: 1 } as const;
    await expect(town.clock.drive(runDone(killed.ctx, request))).rejects.toThrow(Stop);
    expect(died()).toBe(true);
    town.panes.killHost(worker.session);
    await carryOn(worker);
    if (step === 'G1' && when === 'before') {
      expect(await town.mrs()).toEqual([]);
      expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
      return;
    }
    await expectHandedIn(bead, worker);
  });

  test('G3 leaves a checkpoint that names the pushed commit', async () => {
    const { worker } = await workerWithCommit(town);
    const { town: killed } = await dyingProcess(town, 'G3', 'after');
    const request = { agent: polecatAddress('furiosa'), status: 'COMPLETED', spawn: 1 } as const;
    await expect(town.clock.drive(runDone(killed.ctx, request))).rejects.toThrow(Stop);
    const labels = (await town.row('furiosa'))?.labels.join(' ');
    expect(labels).toContain(`done-cp:pushed:${town.remote.head(worker.branch)}:`);
  });

  test('after any call that changes something it is not done or done', async () => {
    const places = effectCalls((await killAtCall(Number.POSITIVE_INFINITY)).calls);
    expect(places.length).toBeGreaterThan(20);
    for (const n of places) {
      await town.close();
      town = await makeWorkTown();
      const { bead, worker } = await killAtCall(n);
      await carryOn(worker);
      if ((await town.mrs()).length > 0) await expectHandedIn(bead, worker);
      else {
        expect(await town.bead(bead)).toMatchObject({
          status: 'in_progress',
          assignee: 'proj/polecats/furiosa',
        });
        expect(await town.files.readText(`${worker.worktree}/more.md`)).toBe('more');
      }
    }
  }, 60_000);

  test('P8: strategy direct, after any call: closed when the target has the work, at work when it has not', async () => {
    const places = effectCalls((await killAtCall(Number.POSITIVE_INFINITY, DIRECT)).calls);
    for (const n of places) {
      await town.close();
      town = await makeWorkTown();
      const { bead, worker } = await killAtCall(n, DIRECT);
      await carryOn(worker);
      const landed = 'more.md' in town.remote.filesOf('main');
      expect(await town.bead(bead)).toMatchObject({ status: landed ? 'closed' : 'in_progress' });
      if (!landed) expect(await town.files.readText(`${worker.worktree}/more.md`)).toBe('more');
      expect(town.remote.branches()).toEqual(['main']);
    }
  }, 60_000);

  async function killAtCall(
    n: number,
    attachment: AttachmentPatch = {},
  ): Promise<{ readonly bead: string; readonly worker: Worker; readonly calls: readonly string[] }> {
    const { bead, worker } = await workerWithCommit(town);
    await attach(bead, attachment);
    await worker.write('more.md', 'more');
    const faults = createFaults();
    const { ports, die } = killablePorts(town, faults);
    const killed = await asProcess(town, { actor: polecatAddress('furiosa'), ports });
    const before = faults.calls.length;
    faults.stopAt(before + n, 'after');
    const request = { agent: polecatAddress('furiosa'), status: 'COMPLETED', spawn: 1 } as const;
    await town.clock.drive(
      runDone(killed.ctx, request).catch((error: unknown) => {
        if (!faults.stopped) throw error;
      }),
    );
    die();
    town.panes.killHost(worker.session);
    return { bead, worker, calls: faults.calls.slice(before) };
  }

  async function carryOn(worker: Worker): Promise<void> {
    await town.clock.drive(resumeDone(town.ctx, town.rig, worker.name));
    await town.clock.drive(finishDone(town.ctx, town.rig, worker.name));
  }

  async function expectHandedIn(bead: string, worker: Worker): Promise<void> {
    const requests = await town.mrs();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      sourceIssue: bead,
      commit: town.remote.head(worker.branch),
      phase: 'queued',
    });
    expect(town.remote.filesOf(worker.branch)).toMatchObject({ 'page.md': '# Page\n', 'more.md': 'more' });
    expect(await town.row('furiosa')).toMatchObject({ agentState: 'idle', labels: ['gt:agent'] });
    expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({
      branch: undefined,
      changed: [],
      untracked: [],
    });
  }
});
