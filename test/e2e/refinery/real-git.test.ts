import { copyFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stop } from '../../fakes/faults.ts';
import { auditQueue } from '../../scenario/refinery/audit.ts';
import type { Submitted } from '../../scenario/refinery/merge-town.ts';
import { makeRealTown } from './real-machine.ts';
import type { RealTown } from './real-machine.ts';

let town: RealTown;
beforeEach(async () => {
  town = await makeRealTown({ 'shared.txt': 'one\ntwo\nthree\n' });
});
afterEach(() => town.close());

const WORKERS = ['ace', 'bob', 'cat', 'dan', 'eve', 'fox', 'gus', 'hal'];

async function submitAll(bad: readonly string[]): Promise<readonly Submitted[]> {
  const all: Submitted[] = [];
  for (const [index, name] of WORKERS.entries()) {
    const text = bad.includes(name) ? 'BAD\n' : 'good\n';
    all.push(await town.submit(name, { [`${name}.txt`]: text }, { priority: index < 4 ? 1 : 2 }));
  }
  return all;
}

describe('the merge queue on a real bare origin', () => {
  it('lands eight good changes with one gate run, each exactly once', async () => {
    const all = await submitAll([]);
    const report = await town.tick();
    expect(report).toMatchObject({ runs: 1, warnings: [], waiting: [] });
    expect(report.landed).toHaveLength(8);
    expect(await auditQueue(town, all)).toEqual([]);
    expect(await town.gateRuns()).toHaveLength(1);
    expect(await town.origin.branches()).toEqual(['main']);
    expect(town.git('log', '--format=%cn', '-1', 'FETCH_HEAD')).toBe('proj/refinery');
  });

  it('sends back one of eight, lands seven, in at most seven runs', async () => {
    const all = await submitAll(['dan']);
    const report = await town.tick();
    expect(report.evicted.map((item) => item.branch)).toEqual([all[3]!.branch]);
    expect(report.landed).toHaveLength(7);
    expect(report.runs).toBeLessThanOrEqual(7);
    expect(await town.gateRuns()).toHaveLength(report.runs);
    expect(await auditQueue(town, all)).toEqual([]);
    const mr = await town.mr(all[3]!.mr);
    expect(mr.evidence).toMatchObject({ failing: ['./dan.txt'], tail: ['not ok 1 - ./dan.txt'] });
  });

  it('makes its gate worktree anew where that is another repository’s, as in a copied town, and leaves that one alone', async () => {
    await town.submit('ace', { 'a.txt': 'a\n' });
    await town.tick();
    const { gateDir } = town.rig.paths;
    town.git('clone', '-q', '--bare', town.origin.url, `${town.home}/first.git`);
    town.git(
      '-C',
      `${town.home}/first.git`,
      'worktree',
      'add',
      '-q',
      '--detach',
      `${town.home}/first`,
      'HEAD',
    );
    const head = () => town.git('-C', `${town.home}/first`, 'rev-parse', 'HEAD');
    const before = head();
    copyFileSync(`${town.home}/first/.git`, `${gateDir}/wt-0/.git`);
    const bob = await town.submit('bob', { 'b.txt': 'b\n' });
    expect((await town.tick()).landed.map(({ mr }) => mr)).toEqual([bob.mr]);
    expect(head()).toBe(before);
  });

  it('a conflict pair: one lands, the other gets a task', async () => {
    const first = await town.submit('ace', { 'shared.txt': 'one\nACE\nthree\n' }, { priority: 1 });
    const second = await town.submit('bob', { 'shared.txt': 'one\nBOB\nthree\n' });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([first.mr]);
    expect(report.conflicts).toMatchObject([{ mr: second.mr, paths: ['shared.txt'] }]);
  });

  it('stacked branches land in order, squashed, also when the lower one landed first', async () => {
    const first = await town.submit('ace', { 'shared.txt': 'one\nACE\nthree\n' });
    const second = await town.submit(
      'bob',
      { 'shared.txt': 'one\nACE and BOB\nthree\n' },
      { from: first.head },
    );
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([first.mr, second.mr]);
    const third = await town.submit(
      'cat',
      { 'shared.txt': 'one\nACE, BOB, CAT\nthree\n' },
      { from: second.head },
    );
    expect((await town.tick()).landed.map((item) => item.mr)).toEqual([third.mr]);
    expect(await auditQueue(town, [first, second, third])).toEqual([]);
  });

  it('follows a file that the target has renamed since, and that is no collateral', async () => {
    const text = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('');
    await town.origin.commit('main', { 'old.txt': text });
    const base = (await town.origin.head('main'))!;
    const work = await town.submit(
      'ace',
      { 'old.txt': text.replace('line 7\n', 'line seven\n') },
      { from: base },
    );
    await town.origin.commit('main', { 'old.txt': null, 'new.txt': text });
    const report = await town.tick();
    expect(report.landed.map((item) => item.mr)).toEqual([work.mr]);
    expect((await town.origin.files('main'))['new.txt']).toContain('line seven');
  });

  it('keeps modes, links and odd names', async () => {
    const odd = { 'a b/ü "x".txt': 'odd\n', 'sub/run.sh': '#!/bin/sh\n' };
    const work = await town.submit('ace', odd);
    await town.tick();
    expect(await auditQueue(town, [work])).toEqual([]);
    expect(town.git('ls-tree', '-r', '--name-only', '-z', 'FETCH_HEAD')).toContain('a b/ü "x".txt');
  });

  it('ends a gate at its limit together with everything it started', async () => {
    await town.set({ gates: { slow: { cmd: 'sleep 600 & sleep 600', timeout: '300ms' } } });
    await town.submit('ace', { 'a.txt': 'a\n' });
    const report = await town.tick();
    expect(report.landed).toEqual([]);
    // A killed process stays in the table until its parent has collected it.
    const left = async () =>
      (await town.ports.processes.list()).filter(({ argv }) => argv.join(' ') === 'sleep 600');
    await expect.poll(left, { timeout: 10_000 }).toEqual([]);
  });

  it('gates see the candidate, its change list and no key of ours', async () => {
    const town2 = town.as({});
    await town.set({ test_command: `env > ${town.home}/seen; git log -1 --format=%H >> ${town.home}/seen` });
    const work = await town.submit('ace', { 'a.txt': 'a\n' });
    await town2.tick();
    const seen = (await town.ports.files.readText(`${town.home}/seen`)) ?? '';
    expect(seen).toContain('CI=true');
    expect(seen).toContain(`GT_MQ_MRS=${work.mr}`);
    expect(seen).not.toMatch(/^(?:GIT_|GT_TOWN|ANTHROPIC_|SSH_AUTH)/m);
    expect(seen).toContain(await town.origin.head('main'));
  });

  it.each(['H3:after', 'H4:after', 'H5:after', 'H7:before', 'H7:after', 'H10:before'])(
    'P8: ended at %s and started again, everything good is landed once',
    async (place) => {
      const all = await submitAll(['bob']);
      const [step, when] = place.split(':');
      const dying = town.as({}, (at, moment) => {
        if (at === step && moment === when) throw new Stop(at, moment);
      });
      await expect(dying.tick()).rejects.toBeInstanceOf(Stop);
      await town.settle();
      expect(await auditQueue(town, all)).toEqual([]);
      expect(await town.origin.messages('main')).toHaveLength(8);
    },
  );

  it('a rebuilt chain has the same ids: nothing in it depends on the time or the machine', async () => {
    await submitAll([]);
    await town.set({ test_command: 'true', auto_push: false });
    await town.tick();
    const first = (await town.lane()).chain.map((link) => link.commit);
    const lane = (await town.ledger.list({ labels: ['gt:mq-lane'] }))[0]!;
    await town.ledger.transaction('x', (tx) => tx.close(lane.id, { reason: 'lost', force: true }));
    await town.tick();
    expect((await town.lane()).chain.map((link) => link.commit)).toEqual(first);
    expect(first).toHaveLength(8);
  });
});
