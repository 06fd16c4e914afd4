import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIntegration } from '../../../src/refinery/integration/create.ts';
import { notReady, readIntegration } from '../../../src/refinery/integration/facts.ts';
import { landIntegration } from '../../../src/refinery/integration/land.ts';
import { submitBranch } from '../../../src/refinery/submit-branch.ts';
import { finishMerged } from '../../../src/refinery/post-merge.ts';
import { writeFields } from '../../../src/beads/forms/fields.ts';
import { createFaults } from '../../fakes/faults.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';
import type { Submitted } from './merge-town.ts';

const { signal } = new AbortController();
const BRANCH = 'integration/checkout';

let town: FakeTown;
let epic: string;
beforeEach(async () => {
  town = await makeFakeTown();
  await registerRig();
  epic = await town.ledger.transaction('overseer', async (tx) =>
    String((await tx.create({ title: 'Checkout', type: 'epic' })).id),
  );
});
afterEach(() => town.close());

async function registerRig(): Promise<void> {
  const beads = { prefix: 'pj' };
  const json = (path: string, value: unknown) =>
    town.files.writeAtomic(`/town/${path}`, JSON.stringify(value));
  await json('mayor/rigs.json', { version: 1, rigs: { proj: { git_url: town.remote.url, beads } } });
  await json('proj/config.json', { type: 'rig', version: 1, name: 'proj', default_branch: 'main' });
}

const create = (more: { branch?: string; base?: string; force?: boolean } = {}) =>
  createIntegration(town.ctx, { epic, branch: undefined, base: undefined, force: false, ...more });
const land = (more: { force?: boolean; skipTests?: boolean; dryRun?: boolean } = {}, of = town.ctx) =>
  landIntegration(of, { epic, force: false, skipTests: false, dryRun: false, signal, ...more });

/** A child of the epic whose work is queued onto the integration branch. */
async function submitChild(name: string, text = `${name}\n`): Promise<Submitted> {
  const from = town.remote.head(BRANCH);
  const work = await town.submit(name, { [`${name}.txt`]: text }, from === undefined ? {} : { from });
  await town.ledger.transaction('overseer', async (tx) => {
    await tx.addEdge({ from: work.issue, to: epic, type: 'parent-child' });
    const mr = await tx.get(work.mr);
    await tx.update(work.mr, { description: writeFields(mr?.description ?? '', { target: BRANCH }) });
  });
  return work;
}

describe('an integration branch', () => {
  it('is made from its base, told on the epic, and making it twice changes nothing', async () => {
    expect(await create()).toEqual({ epic, branch: BRANCH, base: 'main' });
    expect(town.remote.head(BRANCH)).toBe(town.remote.head('main'));
    expect(await create()).toMatchObject({ branch: BRANCH });
    expect((await town.bead(epic)).description).toContain(`integration_branch: ${BRANCH}`);
    const facts = await readIntegration(town.ctx, epic);
    expect(facts).toMatchObject({ branch: BRANCH, base: 'main', ahead: 0, pending: [], merged: [] });
    expect(notReady(facts)).toContain('it has no children');
  });

  it('whose name is taken gets the end of the epic’s id, then is refused', async () => {
    town.remote.setBranch(BRANCH, town.remote.head('main'));
    const { branch } = await create();
    expect(branch).toBe(`${BRANCH}-${epic.split('-')[1]}`);
    const second = await town.ledger.transaction('overseer', (tx) =>
      tx.create({ title: 'Checkout', type: 'epic' }),
    );
    town.remote.setBranch(`${BRANCH}-${second.id.split('-')[1]}`, town.remote.head('main'));
    const again = { epic: second.id, branch: undefined, base: undefined };
    await expect(createIntegration(town.ctx, { ...again, force: false })).rejects.toMatchObject({
      code: 'mq.branch-taken',
    });
    expect(await createIntegration(town.ctx, { ...again, force: true })).toMatchObject({ branch: BRANCH });
    await expect(create({ base: 'nowhere' })).rejects.toMatchObject({ code: 'mq.no-base' });
    await expect(create({ branch: '-x' })).rejects.toMatchObject({ code: 'mq.bad-branch' });
  });

  it('gathers the work of children and lands as one merge commit, proven, then closes the epic', async () => {
    await create();
    const [ace, bob] = [await submitChild('ace'), await submitChild('bob')];
    await expect(land()).rejects.toMatchObject({ code: 'mq.not-ready' });
    await town.settle();
    expect(await town.origin.files('main')).not.toHaveProperty('ace.txt');
    expect(await readIntegration(town.ctx, epic)).toMatchObject({
      ahead: 2,
      merged: [ace.mr, bob.mr].sort(),
      pending: [],
    });
    expect(await land({ dryRun: true })).toMatchObject({ commit: undefined });
    expect(town.remote.head(BRANCH)).toBeDefined();
    const { commit } = await land();
    expect(town.remote.head('main')).toBe(commit);
    expect(await town.origin.files('main')).toMatchObject({ 'ace.txt': 'ace\n', 'bob.txt': 'bob\n' });
    expect((await town.origin.messages('main'))[0]).toBe(`Merge ${BRANCH}: Checkout\n\nEpic: ${epic}`);
    expect(await town.bead(epic)).toMatchObject({
      status: 'closed',
      closeReason: `Landed ${BRANCH} on main`,
    });
    expect(await town.origin.branches()).toEqual(['main']);
    await town.submit('cat', { 'cat.txt': 'x\n' });
    await town.settle();
    expect(await town.origin.files('main')).toHaveProperty('cat.txt');
  });

  it('takes a branch that is submitted for the epic, or for a child of it', async () => {
    const CLONE = '/home/ann/clone';
    const { git } = town.ctx.ports;
    await git.remotes.clone(town.origin.url, CLONE, { branch: 'main' });
    const main = town.remote.head('main')!;
    await git.worktrees.checkout(CLONE, { commit: main, branch: 'mine' });
    await town.files.writeAtomic(`${CLONE}/a.txt`, 'a\n');
    town.git.user(CLONE).commitEverything('Add a');
    const submit = (more: { epic?: string; issue?: string; group?: string }) =>
      submitBranch(town.ctx, town.rig, { repo: CLONE, ...more });
    await expect(submit({ epic })).rejects.toMatchObject({ code: 'mq.not-ready' });
    await expect(submit({ group: 'a b' })).rejects.toMatchObject({ code: 'mq.bad-group' });
    await create();
    expect(await submit({ epic, group: 'api' })).toMatchObject({ target: BRANCH, mr: { group: 'api' } });
    const child = await town.ledger.transaction('overseer', async (tx) => {
      const bead = await tx.create({ title: 'Part', type: 'task' });
      await tx.addEdge({ from: bead.id, to: epic, type: 'parent-child' });
      return bead.id;
    });
    expect(await submit({ issue: child })).toMatchObject({ target: BRANCH });
  });

  it('P8: with a gate red on the result lands nothing, unless tests are skipped on purpose', async () => {
    await create();
    await submitChild('ace');
    await town.settle();
    await town.origin.commit('main', { 'foreign.txt': 'BAD\n' });
    await expect(land()).rejects.toMatchObject({ code: 'mq.gate-failed' });
    expect(await town.origin.files('main')).not.toHaveProperty('ace.txt');
    expect(await town.bead(epic)).toMatchObject({ status: 'open' });
    await land({ skipTests: true });
    expect(await town.origin.files('main')).toHaveProperty('ace.txt');
  });

  it('that does not merge with its base says which files', async () => {
    await create();
    await submitChild('ace', 'one\n');
    await town.settle();
    await town.origin.commit('main', { 'ace.txt': 'two\n' });
    await expect(land()).rejects.toMatchObject({
      code: 'mq.conflict',
      message: expect.stringContaining('ace.txt'),
    });
  });

  it('P8: killed at any call, its landing is finished by the next run, once', async () => {
    await create();
    await submitChild('ace');
    await town.settle();
    const before = (await town.origin.messages('main')).length;
    for (let at = 1; ; at += 1) {
      const faults = createFaults();
      faults.stopAt(at, at % 2 === 0 ? 'after' : 'before');
      const { git, store, files } = town.ctx.ports;
      const ports = {
        git: faults.wrap('git', git),
        store: faults.wrap('store', store),
        files: faults.wrap('files', files),
      };
      const dying = { ...town.ctx, ports: { ...town.ctx.ports, ...ports } };
      await land({}, dying).catch(() => undefined);
      town.locks.die();
      if (!faults.stopped) break;
    }
    if ((await town.bead(epic)).status !== 'closed') await land();
    expect((await town.origin.messages('main')).length - before).toBeLessThanOrEqual(2);
    expect(await town.origin.files('main')).toHaveProperty('ace.txt');
    expect(await town.bead(epic)).toMatchObject({ status: 'closed' });
  });

  it('lands by itself where that is wanted', async () => {
    await town.set({ test_command: 'run-gate', integration_branch_auto_land: true });
    await create();
    await submitChild('ace');
    await town.settle();
    expect(await town.origin.files('main')).toHaveProperty('ace.txt');
    expect(await town.bead(epic)).toMatchObject({ status: 'closed' });
  });
});

describe('mq post-merge', () => {
  const finish = (mr: string, keepBranch = false) =>
    finishMerged(town.ctx, town.rig, { mr, keepBranch, signal });

  it('closes what a person has merged, and refuses what is not there', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    await expect(finish(work.mr)).rejects.toMatchObject({ code: 'mq.not-landed' });
    town.remote.setBranch('main', work.head);
    expect(await finish(work.branch)).toMatchObject({ phase: 'done', mergeCommit: work.head });
    expect(await town.bead(work.issue)).toMatchObject({ status: 'closed' });
    expect(await town.origin.branches()).toEqual(['main']);
    expect(await finish(work.mr)).toMatchObject({ phase: 'done' });
  });

  it('leaves the branch when asked to', async () => {
    const work = await town.submit('nux', { 'a.txt': 'a\n' });
    town.remote.setBranch('main', work.head);
    await finish(work.mr, true);
    expect(await town.origin.branches()).toContain(work.branch);
  });
});
