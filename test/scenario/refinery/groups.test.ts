import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GROUP_LABEL } from '../../../src/beads/forms/merge-request.ts';
import { retryMergeRequest } from '../../../src/refinery/manage.ts';
import { auditQueue } from './audit.ts';
import { makeFakeTown, type FakeTown } from './fake-machine.ts';
import type { Submitted } from './merge-town.ts';

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

/** A bead of a set, in work. */
async function member(name: string, group = 'api'): Promise<Submitted['issue']> {
  return town.ledger.transaction('overseer', async (tx) => {
    const bead = await tx.create({ title: name, type: 'task', labels: [GROUP_LABEL + group] });
    await tx.update(bead.id, { status: 'in_progress', assignee: `proj/polecats/${name}` });
    return bead.id;
  });
}

async function submitSet(files: Readonly<Record<string, string>>): Promise<readonly Submitted[]> {
  const issues = new Map<string, Submitted['issue']>();
  for (const name of Object.keys(files)) issues.set(name, await member(name));
  const all: Submitted[] = [];
  for (const [name, text] of Object.entries(files)) {
    all.push(await town.submit(name, { [`${name}.txt`]: text }, { issue: issues.get(name)! }));
  }
  return all;
}

const landed = async () => (await town.tick()).landed.map(({ mr }) => mr);
const whyOf = async ({ mr }: Submitted) => (await town.mr(mr)).evidence?.summary;

describe('a set that lands together', () => {
  it('waits for its last part, says for what, and then lands by one push, others around it', async () => {
    const [first, second] = [await member('ace'), await member('bob')];
    const ace = await town.submit('ace', { 'a.txt': 'a\n' }, { issue: first });
    const other = await town.submit('cat', { 'c.txt': 'c\n' });
    expect(await landed()).toEqual([other.mr]);
    expect(await whyOf(ace)).toBe(`its group api waits for ${second}: its work is not in this queue`);
    const bob = await town.submit('bob', { 'b.txt': 'b\n' }, { issue: second });
    const runs = (await town.gateRuns()).length;
    expect((await landed()).sort()).toEqual([ace.mr, bob.mr].sort());
    expect(await town.gateRuns()).toHaveLength(runs + 1);
    expect(await auditQueue(town, [ace, bob, other])).toEqual([]);
  });

  it('is proven only as a whole: parts that fail alone and pass together land', async () => {
    town.gate(({ files }) => ({
      code: 'a.txt' in files === 'b.txt' in files ? 0 : 1,
      stdout: 'not ok 1 - half',
    }));
    await town.set({ test_command: 'run-gate', batch: { max_batch_size: 1 } });
    const [first, second] = [await member('a'), await member('b')];
    const a = await town.submit('a', { 'a.txt': 'a\n' }, { issue: first, priority: 1 });
    const between = await town.submit('c', { 'c.txt': 'c\n' }, { priority: 2 });
    const b = await town.submit('b', { 'b.txt': 'b\n' }, { issue: second, priority: 3 });
    expect(await landed()).toEqual([a.mr, b.mr, between.mr]);
  });

  it('P8: red, is sent back as a whole, and nothing of it lands; the others do', async () => {
    const all = await submitSet({ ace: 'good\n', bob: 'BAD\n', cat: 'good\n' });
    const other = await town.submit('dan', { 'd.txt': 'd\n' });
    const report = await town.tick();
    expect(report.landed.map(({ mr }) => mr)).toEqual([other.mr]);
    expect(report.evicted.map(({ mr }) => mr).sort()).toEqual(all.map(({ mr }) => mr).sort());
    for (const one of all) expect(await whyOf(one)).toContain('with its group api: gate test failed');
    expect(Object.keys(await town.origin.files('main'))).toEqual(['README.md', 'd.txt']);
    expect(await auditQueue(town, [...all, other])).toEqual([]);
  });

  it('of which one part was sent back or does not merge waits for it', async () => {
    const [ace, bob] = await submitSet({ ace: 'good\n', bob: 'good\n' });
    await town.origin.commit('main', { 'bob.txt': 'theirs\n' });
    const report = await town.tick();
    expect(report.landed).toEqual([]);
    expect(report.conflicts).toMatchObject([{ mr: bob!.mr }]);
    expect(await whyOf(ace!)).toContain(`its group api waits for ${bob!.mr}: conflict`);
    await town.tick();
    expect(await whyOf(ace!)).toContain(`its group api waits for ${bob!.mr}: waits for `);
    await town.origin.commit('main', { 'bob.txt': null });
    await retryMergeRequest(town.ctx, town.rig, bob!.mr);
    expect((await landed()).sort()).toEqual([ace!.mr, bob!.mr].sort());
  });

  it('whose parts collide with each other: the later one goes back with the reason, and lands built on the other', async () => {
    const [first, second] = [await member('ace'), await member('bob')];
    const ace = await town.submit('ace', { 'same.txt': 'ace\n' }, { issue: first, priority: 1 });
    const bob = await town.submit('bob', { 'same.txt': 'bob\n' }, { issue: second });
    const other = await town.submit('cat', { 'c.txt': 'c\n' });
    const report = await town.tick();
    expect(report.landed.map(({ mr }) => mr)).toEqual([other.mr]);
    const why = 'it collides with its own group api in same.txt: build it on the branch of the other';
    expect(report.evicted).toMatchObject([{ mr: bob.mr, why }]);
    expect(await town.mr(bob.mr)).toMatchObject({ phase: 'evicted', evidence: { paths: ['same.txt'] } });
    expect(await whyOf(ace)).toContain(`its group api waits for ${bob.mr}: sent back`);
    expect(await landed()).toEqual([]);
    await town.ledger.transaction('overseer', (tx) =>
      tx.update(second, { status: 'in_progress', assignee: 'proj/polecats/bob' }),
    );
    const again = await town.submit('bob', { 'same.txt': 'both\n' }, { issue: second, from: ace.head });
    expect(await landed()).toEqual([ace.mr, again.mr]);
    expect(await auditQueue(town, [ace, again, other])).toEqual([]);
  });

  it('whose part is rejected with its bead closed lands without it', async () => {
    const [first, second] = [await member('ace'), await member('bob')];
    const ace = await town.submit('ace', { 'a.txt': 'a\n' }, { issue: first });
    expect(await landed()).toEqual([]);
    await town.ledger.transaction('overseer', (tx) =>
      tx.close(second, { reason: 'not needed', force: true }),
    );
    expect(await landed()).toEqual([ace.mr]);
  });

  it('keeps the order of its own branches that stand on each other', async () => {
    const [first, second] = [await member('ace'), await member('bob')];
    const lower = await town.submit('ace', { 'a.txt': 'a\n' }, { issue: first, priority: 3 });
    const upper = await town.submit(
      'bob',
      { 'b.txt': 'b\n' },
      { issue: second, from: lower.head, priority: 1 },
    );
    expect(await landed()).toEqual([lower.mr, upper.mr]);
  });
});
