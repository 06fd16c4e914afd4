import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { closeFinishedConvoys } from '../../../src/convoy/close-finished.ts';
import { ensureConvoy } from '../../../src/convoy/ensure.ts';
import { listConvoys } from '../../../src/convoy/find.ts';
import { progressOf } from '../../../src/convoy/progress.ts';
import { makeWorkTown } from './town.ts';
import type { WorkTown } from './town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

async function convoyOf(...beads: readonly Bead[]): Promise<string> {
  const members = beads.map((bead) => ({ id: bead.id, prefix: 'pj' }));
  await ensureConvoy(town.ctx, { id: 'hq-cv-abcde', title: 'All of it', description: '', members });
  return 'hq-cv-abcde';
}

async function close(bead: Bead): Promise<void> {
  await town.ledger.transaction('x', (tx) => tx.close(bead.id, { reason: 'done', force: true }));
}

async function statusOf(convoy: string): Promise<string | undefined> {
  return (await town.hq.get(convoy))?.status;
}

describe('P20: a convoy', () => {
  test('closes once, with one notice, when its last member is closed', async () => {
    const [one, two] = [await town.create(), await town.create()];
    const convoy = await convoyOf(one, two);
    await close(one);
    expect(await closeFinishedConvoys(town.ctx)).toEqual({ closed: [], reopened: [] });
    await close(two);
    expect(await closeFinishedConvoys(town.ctx)).toEqual({ closed: [convoy], reopened: [] });
    expect(await closeFinishedConvoys(town.ctx)).toEqual({ closed: [], reopened: [] });
    expect(await town.hq.get(convoy)).toMatchObject({ closeReason: 'All tracked issues completed' });
    expect(await town.events('convoy_landed')).toHaveLength(1);
  });

  test('without members is not complete', async () => {
    const convoy = await convoyOf();
    await closeFinishedConvoys(town.ctx);
    expect(await statusOf(convoy)).toBe('open');
  });

  test('waits for a merge request whose bead a person closed', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await worker.write('a.md', 'a');
    worker.commit();
    await worker.done();
    await close(bead);
    expect((await closeFinishedConvoys(town.ctx)).closed).toEqual([]);
    const [mr] = await town.mrs();
    if (mr === undefined) throw new Error('no merge request');
    await town.ledger.transaction('x', (tx) =>
      closeMergeRequest(tx, mr, { phase: 'rejected', reason: 'no' }),
    );
    expect((await closeFinishedConvoys(town.ctx)).closed).toHaveLength(1);
  });

  test('opens again when a member is reopened or added', async () => {
    const [one, two] = [await town.create(), await town.create()];
    const convoy = await convoyOf(one);
    await close(one);
    await closeFinishedConvoys(town.ctx);
    await town.ledger.transaction('x', (tx) => tx.reopen(one.id));
    expect(await closeFinishedConvoys(town.ctx)).toEqual({ closed: [], reopened: [convoy] });
    await close(one);
    await closeFinishedConvoys(town.ctx);
    await convoyOf(two);
    expect((await closeFinishedConvoys(town.ctx)).reopened).toEqual([convoy]);
    expect(await town.events('convoy_landed')).toHaveLength(2);
  });

  test('that a person closed stays closed', async () => {
    const bead = await town.create();
    const convoy = await convoyOf(bead);
    await town.hq.transaction('x', (tx) => tx.close(convoy, { reason: 'given up', force: true }));
    await closeFinishedConvoys(town.ctx);
    expect(await statusOf(convoy)).toBe('closed');
  });

  test('forgets a member that was deleted', async () => {
    const [one, two] = [await town.create(), await town.create()];
    await convoyOf(one, two);
    await close(one);
    await town.ledger.transaction('x', (tx) => tx.delete(two.id));
    const [convoy] = await listConvoys(town.ctx, { status: 'open' });
    expect(convoy === undefined ? undefined : progressOf(convoy)).toEqual({
      total: 1,
      completed: 1,
      unreadable: 0,
    });
    expect((await closeFinishedConvoys(town.ctx)).closed).toHaveLength(1);
  });

  test('waits for a member that cannot be read', async () => {
    const bead = await town.create();
    await close(bead);
    const members = [
      { id: bead.id, prefix: 'pj' },
      { id: 'zz-1', prefix: 'zz' },
    ];
    await ensureConvoy(town.ctx, { id: 'hq-cv-abcde', title: 'x', description: '', members });
    expect((await closeFinishedConvoys(town.ctx)).closed).toEqual([]);
  });

  test('that is owned is closed by its owner', async () => {
    const bead = await town.create();
    const members = [{ id: bead.id, prefix: 'pj' }];
    await ensureConvoy(town.ctx, { id: 'hq-cv-owned', title: 'x', description: '', members, owned: true });
    await close(bead);
    expect((await closeFinishedConvoys(town.ctx)).closed).toEqual([]);
  });
});
