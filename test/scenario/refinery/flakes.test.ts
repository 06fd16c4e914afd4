import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failOnBad, makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';

const DAY = 24 * 3_600_000;

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

/** The next run fails by this test; those after it judge as always. */
function failOnce(test: string): void {
  let isFirst = true;
  town.gate((call) => {
    if (!isFirst) return failOnBad(call);
    isFirst = false;
    return { code: 1, stdout: `not ok 1 - ${test}` };
  });
}

async function landWithFlake(name: string, test = 'sometimes'): Promise<readonly string[]> {
  failOnce(test);
  await town.submit(name, { [`${name}.txt`]: `${name}\n` });
  const reports = await town.settle();
  return reports.flatMap(({ warnings }) => warnings);
}

const bugs = () => town.ledger.list({ labels: ['gt:bug'] });

describe('a test that fails and passes on the same files', () => {
  it('is told as flaky, and goes into quarantine with one bug when that happens on other files too', async () => {
    expect((await landWithFlake('ace')).join()).toContain('gate test is flaky');
    expect(await bugs()).toEqual([]);
    expect((await landWithFlake('bob')).join()).toContain('sometimes is in quarantine until');
    await landWithFlake('cat');
    expect((await bugs()).map(({ title, priority }) => [title, priority])).toEqual([
      ['Flaky test in gate test of proj: sometimes', 2],
    ]);
  });

  it('more than a week apart is forgotten', async () => {
    await landWithFlake('ace');
    await town.clock.advance(8 * DAY);
    await landWithFlake('bob');
    expect(await bugs()).toEqual([]);
  });

  it('does not bring others into quarantine', async () => {
    await landWithFlake('ace', 'one');
    await landWithFlake('bob', 'other');
    expect(await bugs()).toEqual([]);
  });
});

describe('a test in quarantine', () => {
  beforeEach(async () => {
    await landWithFlake('ace');
    await landWithFlake('bob');
  });

  it('sends nobody back by itself: the change waits, others land, and it is tried again', async () => {
    town.gate(({ files }) => ('c.txt' in files ? { code: 1, stdout: 'not ok 1 - sometimes' } : { code: 0 }));
    const stuck = await town.submit('cat', { 'c.txt': 'c\n' });
    const other = await town.submit('dan', { 'd.txt': 'd\n' });
    const reports = await town.settle();
    expect(reports.flatMap(({ evicted }) => evicted)).toEqual([]);
    expect((await town.mr(other.mr)).bead.status).toBe('closed');
    expect(await town.mr(stuck.mr)).toMatchObject({
      phase: 'deferred',
      evidence: {
        cause: 'deferred',
        summary: expect.stringContaining('only tests in quarantine fail (sometimes)'),
      },
    });
    expect((await town.tick()).runs).toBe(0);
    town.gate(() => ({ code: 0 }));
    await town.clock.advance(11 * 60_000);
    await town.settle();
    expect((await town.mr(stuck.mr)).bead.status).toBe('closed');
  });

  it('P8: never turns red into pass, and shields no other failure', async () => {
    town.gate(({ files }) =>
      'c.txt' in files ? { code: 1, stdout: 'not ok 1 - sometimes\nnot ok 2 - really broken' } : { code: 0 },
    );
    const work = await town.submit('cat', { 'c.txt': 'c\n' });
    const reports = await town.settle();
    expect(reports.flatMap(({ evicted }) => evicted.map(({ mr }) => mr))).toEqual([work.mr]);
    expect(await town.origin.files('main')).not.toHaveProperty('c.txt');
  });

  it('counts again after two weeks', async () => {
    await town.clock.advance(15 * DAY);
    town.gate(({ files }) => ('c.txt' in files ? { code: 1, stdout: 'not ok 1 - sometimes' } : { code: 0 }));
    const work = await town.submit('cat', { 'c.txt': 'c\n' });
    const reports = await town.settle();
    expect(reports.flatMap(({ evicted }) => evicted.map(({ mr }) => mr))).toEqual([work.mr]);
  });
});

describe('nobody waits for ever', () => {
  it('a change that urgent ones have passed twenty times goes before them', async () => {
    await town.set({ test_command: 'run-gate', batch: { max_batch_size: 1 } });
    await town.submit('slow', { 'slow.txt': 'x\n' }, { priority: 4 });
    let urgent = 0;
    let before: number | undefined;
    // While each is being proven the next urgent one arrives.
    town.gate(async (call) => {
      if ('slow.txt' in call.files) before ??= urgent;
      if (urgent < 40) await town.submit(`w${urgent}`, { [`w${(urgent += 1)}.txt`]: 'x\n' }, { priority: 0 });
      return failOnBad(call);
    });
    await town.submit('first', { 'first.txt': 'x\n' }, { priority: 0 });
    await town.settle();
    expect(before).toBeGreaterThanOrEqual(20);
    expect(before).toBeLessThanOrEqual(23);
    expect(Object.keys(await town.origin.files('main'))).toHaveLength(43);
  });
});

describe('a conflict where auto_rebase is wanted', () => {
  it('is tried commit by commit before anybody is asked to resolve it', async () => {
    await town.set({ test_command: 'run-gate', on_conflict: 'auto_rebase' });
    const work = await town.submit('nux', { 'a.txt': 'one\n' });
    await town.origin.commit(work.branch, { 'a.txt': 'two\n' });
    // The target takes the first step too: as a whole both have changed the line, step by step only one has.
    await town.origin.commit('main', { 'a.txt': 'one\n' });
    const reports = await town.settle();
    expect(reports.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    expect(await town.origin.files('main')).toMatchObject({ 'a.txt': 'two\n' });
  });
});
