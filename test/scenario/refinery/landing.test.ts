import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/core/address.ts';
import type { LedgerReads } from '../../../src/beads/types.ts';
import { readAgentWork } from '../../../src/hooks/held-work.ts';
import { createForge } from '../../../src/adapters/forge.ts';
import { createFaults } from '../../fakes/faults.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

const WORKERS = ['ace', 'bob', 'cat', 'dan', 'eve', 'fox', 'gus', 'hal'];

describe('a queue of good changes', () => {
  it('lands one change: on the remote, merge request and bead closed, branch gone', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const report = await town.tick();
    expect(report).toMatchObject({ state: 'done', runs: 1, waiting: [], warnings: [] });
    expect(report.landed.map((item) => item.mr)).toEqual([work.mr]);
    expect(await town.origin.files('main')).toEqual({ 'README.md': '# Project\n', 'a.txt': 'a\n' });
    expect(await town.bead(work.issue)).toMatchObject({
      status: 'closed',
      closeReason: `Merged in ${work.mr}`,
    });
    const mr = await town.mr(work.mr);
    expect(mr).toMatchObject({
      phase: 'done',
      closeReason: 'merged',
      mergeCommit: await town.origin.head('main'),
    });
    expect(mr.bead.status).toBe('closed');
    expect(await town.origin.branches()).toEqual(['main']);
  });

  it('lands eight with one gate run, each once, as one squashed commit that says where it came from', async () => {
    const all = [];
    for (const name of WORKERS) all.push(await town.submit(name, { [`${name}.txt`]: `${name}\n` }));
    const report = await town.tick();
    expect(report.landed).toHaveLength(8);
    expect(report.runs).toBe(1);
    const messages = await town.origin.messages('main');
    expect(messages).toHaveLength(9);
    for (const work of all) {
      const mine = messages.filter((message) => message.includes(`Gt-MR: ${work.mr}\n`));
      expect(mine).toHaveLength(1);
      expect(mine[0]).toMatch(new RegExp(`Gt-Issue: ${work.issue}\nGt-Head: ${work.head}$`));
    }
  });

  it('P1: work that lands between two reads is never seen as held', async () => {
    await town.submit('nux', { 'a.txt': 'a\n' });
    const landing: LedgerReads = {
      ...town.ledger,
      async list(filter) {
        const beads = await town.ledger.list(filter);
        await town.tick();
        return beads;
      },
    };
    expect(await readAgentWork(landing, parseAddress('proj/polecats/nux'))).toEqual({
      held: [],
      submitted: [],
    });
  });

  it('P16: an idle pass costs two queries, no lock and no process', async () => {
    await town.submit('nux', { 'a.txt': 'a\n' });
    await town.tick();
    const faults = createFaults();
    const watched = town.as({
      store: faults.wrap('store', town.ctx.ports.store),
      git: faults.wrap('git', town.ctx.ports.git),
      processes: faults.wrap('processes', town.ctx.ports.processes),
      locks: faults.wrap('locks', town.ctx.ports.locks),
    });
    await watched.tick();
    const before = faults.calls.length;
    expect(await watched.tick()).toMatchObject({ state: 'idle', landed: [], runs: 0 });
    expect(faults.calls.slice(before)).toEqual(['store.open().query', 'store.open().query']);
  });

  it('a second pass over a landed queue does nothing', async () => {
    await town.submit('nux', { 'a.txt': 'a\n' });
    await town.tick();
    const tip = await town.origin.head('main');
    expect(await town.tick()).toMatchObject({ state: 'idle', runs: 0 });
    expect(await town.origin.head('main')).toBe(tip);
  });

  it('a change whose exact tree has passed already lands without another run', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await town.set({ test_command: 'run-gate', auto_push: false });
    expect(await town.tick()).toMatchObject({ runs: 1, landed: [] });
    await town.set({ test_command: 'run-gate' });
    const report = await town.tick();
    expect(report.runs).toBe(0);
    expect(report.landed.map((item) => item.mr)).toEqual([work.mr]);
  });

  it('lands by priority, then by age, and ties by id', async () => {
    const low = await town.submit('ace', { 'a.txt': 'a\n' }, { priority: 3 });
    const high = await town.submit('bob', { 'b.txt': 'b\n' }, { priority: 1 });
    await town.clock.advance(60_000);
    const late = await town.submit('cat', { 'c.txt': 'c\n' }, { priority: 1 });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([high.mr, late.mr, low.mr]);
  });

  it('keeps the author of the work and names the refinery as committer', async () => {
    await town.submit('nux', { 'a.txt': 'a\n' });
    await town.tick();
    const tip = await town.origin.head('main');
    const commit = await town.git.objects.commit(town.rig.paths.bare, tip!);
    expect(commit.author.name).toBe('owner');
    expect(commit.committer).toMatchObject({ name: 'proj/refinery', email: 'proj.refinery@gastown.local' });
  });

  it('makes the dependents of a landed bead ready', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    const next = await town.ledger.transaction('overseer', async (tx) => {
      const made = await tx.create({ title: 'Next', type: 'task' });
      await tx.addEdge({ from: made.id, to: work.issue, type: 'blocks' });
      return made.id;
    });
    expect((await town.bead(next)).isBlocked).toBe(true);
    await town.tick();
    expect((await town.bead(next)).isBlocked).toBe(false);
  });

  it('leaves branches of people on the remote, and one that got a new commit while landing', async () => {
    await town.submit('nux', { 'a.txt': 'a\n' }, { branch: 'feature/by-hand' });
    const moved = await town.submit('ace', { 'b.txt': 'b\n' });
    const other = town.as({}, (step, when) => {
      if (step === 'H7' && when === 'before') town.remote.commit(moved.branch, { 'late.txt': 'late\n' });
    });
    await other.tick();
    expect(await town.origin.branches()).toEqual(['feature/by-hand', 'main', moved.branch]);
  });

  it('P30: lands on the rig’s own default branch, whatever its name', async () => {
    const trunk = await town.origin.head('main');
    await town.origin.setBranch('trunk', trunk);
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await town.ledger.transaction('x', async (tx) => {
      const { writeMrFields } = await import('../../../src/beads/forms/merge-request-fields.ts');
      const bead = await tx.get(work.mr);
      await tx.update(work.mr, { description: writeMrFields(bead!.description, { target: 'trunk' }) });
    });
    await town.tick();
    expect(await town.origin.files('trunk')).toHaveProperty('a.txt');
    expect(await town.origin.head('main')).toBe(trunk);
  });
});

describe('settings', () => {
  it('P32: enabled false means nothing is landed, run or locked', async () => {
    await town.submit('nux', { 'a.txt': 'a\n' });
    await town.set({ test_command: 'run-gate', enabled: false });
    expect(await town.tick()).toMatchObject({ state: 'disabled', landed: [], runs: 0 });
    expect(await town.gateRuns()).toEqual([]);
  });

  it('without gates changes land after merge checks, and the report says untested', async () => {
    await town.set({});
    await town.submit('nux', { 'a.txt': 'BAD\n' });
    expect(await town.tick()).toMatchObject({ untested: true, runs: 0, landed: [{}] });
  });

  it('auto_push false proves, points a ref at the result and pushes nothing', async () => {
    await town.set({ test_command: 'run-gate', auto_push: false });
    const before = await town.origin.head('main');
    await town.submit('nux', { 'a.txt': 'a\n' });
    const report = await town.tick();
    expect(report.waiting.join()).toContain('auto_push is off');
    expect(await town.origin.head('main')).toBe(before);
    expect(await town.git.objects.resolve(town.rig.paths.bare, 'refs/gt/mq/main/head')).toBeDefined();
  });

  it('max_batch_size 1 proves every change alone', async () => {
    await town.set({ test_command: 'run-gate', batch: { max_batch_size: 1 } });
    for (const name of WORKERS.slice(0, 3)) await town.submit(name, { [`${name}.txt`]: 'x\n' });
    const report = await town.tick();
    expect(report).toMatchObject({ runs: 3, landed: [{}, {}, {}] });
  });

  it('a forge that cannot be used is said aloud, and nothing is pushed instead', async () => {
    await town.set({ test_command: 'run-gate', merge_strategy: 'pr' });
    await town.submit('nux', { 'a.txt': 'a\n' });
    const env = {};
    const other = town.as({ forge: async (place) => createForge({ processes: town.processes, env }, place) });
    const report = await other.tick();
    expect(report.landed).toEqual([]);
    expect(report.waiting.join()).toContain('names no repository of a forge');
  });

  it('an empty gate command is an error, never a pass', async () => {
    await town.set({ gates: { unit: { cmd: '  ' } } });
    await town.submit('nux', { 'a.txt': 'a\n' });
    await expect(town.tick()).rejects.toMatchObject({ code: 'config.bad-value' });
    expect(await town.origin.files('main')).not.toHaveProperty('a.txt');
  });

  it('runs every gate of the map, setup first, and post-squash ones last', async () => {
    const ran: string[] = [];
    town.gate(({ command }) => {
      ran.push(command);
      return { code: 0 };
    });
    await town.set({
      setup_command: 'prepare',
      gates: { late: { cmd: 'late', phase: 'post-squash' }, unit: { cmd: 'unit' }, lint: { cmd: 'lint' } },
    });
    await town.submit('nux', { 'a.txt': 'a\n' });
    await town.tick();
    expect(ran[0]).toBe('prepare');
    expect(new Set(ran.slice(1, 3))).toEqual(new Set(['unit', 'lint']));
    expect(ran.slice(3)).toEqual(['late']);
  });

  it('merge_method merge keeps the branch as second parent; rebase keeps its commits', async () => {
    await town.set({ test_command: 'run-gate', merge_method: 'merge' });
    const first = await town.submit('ace', { 'a.txt': 'a\n' });
    await town.tick();
    const merge = await town.git.objects.commit(town.rig.paths.bare, (await town.origin.head('main'))!);
    expect(merge.parents).toContain(first.head);

    await town.set({ test_command: 'run-gate', merge_method: 'rebase' });
    const base = await town.origin.head('main');
    const one = await town.origin.commit(
      'polecat/bob/x',
      { 'b.txt': '1\n' },
      { from: base!, message: 'One' },
    );
    await town.submit('bob', { 'b.txt': '2\n' }, { branch: 'polecat/bob/x', from: one, message: 'Two' });
    await town.origin.commit('main', { 'other.txt': 'x\n' });
    await town.tick();
    const messages = await town.origin.messages('main');
    expect(messages[0]).toMatch(/^Two\n\nGt-MR/);
    expect(messages[1]).toBe('One');
    expect(await town.origin.files('main')).toMatchObject({ 'b.txt': '2\n', 'other.txt': 'x\n' });
  });
});
