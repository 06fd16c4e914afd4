import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSlingContexts } from '../../../src/beads/forms/sling-context.ts';
import { dispatchQueue } from '../../../src/scheduler/dispatch-queue.ts';
import type { QueueReport } from '../../../src/scheduler/dispatch-queue.ts';
import { setTownWanted } from '../../../src/town/wanted.ts';
import { makeWorkTown } from './town.ts';
import type { WorkTown } from './town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.setTown({ scheduler: { max_polecats: 1 } });
});
afterEach(() => town.close());

const pass = (): Promise<QueueReport> => town.clock.drive(dispatchQueue(town.ctx));

/** One worker is busy, the given beads wait. */
async function queued(...priorities: readonly number[]): Promise<readonly string[]> {
  const first = await town.create();
  await town.dispatch(first.id);
  const ids: string[] = [];
  for (const priority of priorities) {
    const bead = await town.create({ priority });
    await town.sling([bead.id]);
    await town.clock.advance(1000);
    ids.push(bead.id);
  }
  return ids;
}

async function freeTheSlot(): Promise<void> {
  const [bead] = await town.ledger.list({ status: ['hooked'] });
  await town.ledger.transaction('x', (tx) => tx.close(bead?.id ?? '', { reason: 'done', force: true }));
}

describe('the queue', () => {
  test('waits while no slot is free', async () => {
    const [id] = await queued(2);
    expect(await pass()).toMatchObject({ dispatched: [], waiting: [{ bead: id, why: '1 of 1 slots busy' }] });
  });

  test('dispatches by priority, then by age', async () => {
    const [old, young, urgent] = await queued(2, 2, 0);
    const order: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      await freeTheSlot();
      order.push(...(await pass()).dispatched.map(({ bead }) => bead));
    }
    expect(order).toEqual([urgent, old, young]);
  });

  test('closes the row of what it dispatched and keeps the terms', async () => {
    const bead = await town.create();
    const blocker = await town.create();
    await town.ledger.transaction('x', (tx) => tx.addEdge({ from: bead.id, to: blocker.id, type: 'blocks' }));
    await town.sling([bead.id], { args: 'mind the gap', script: 'true' });
    await town.ledger.transaction('x', (tx) => tx.close(blocker.id, { reason: 'done' }));
    expect(await pass()).toMatchObject({ dispatched: [{ bead: bead.id, worker: 'furiosa' }] });
    expect((await openSlingContexts(town.ledger)).contexts).toEqual([]);
    const hooked = await town.bead(bead.id);
    expect(hooked.description).toContain('attached_args: mind the gap');
    expect(hooked.metadata).toMatchObject({ runtime: 'script', script: { cmd: 'true', by: 'overseer' } });
  });

  test('leaves blocked beads and those of a town that is down', async () => {
    const bead = await town.create();
    const blocker = await town.create();
    await town.ledger.transaction('x', (tx) => tx.addEdge({ from: bead.id, to: blocker.id, type: 'blocks' }));
    await town.sling([bead.id]);
    expect(await pass()).toMatchObject({ waiting: [{ bead: bead.id, why: `blocked by ${blocker.id}` }] });
    await town.ledger.transaction('x', (tx) => tx.close(blocker.id, { reason: 'done' }));
    await setTownWanted(town.ctx, 'down');
    expect(await pass()).toEqual({ dispatched: [], waiting: [], failed: [], dropped: [] });
  });

  test('drops rows whose bead is closed or gone', async () => {
    const [closed, deleted] = await queued(2, 2);
    await town.ledger.transaction('x', async (tx) => {
      await tx.close(closed ?? '', { reason: 'not needed' });
      await tx.delete(deleted ?? '');
    });
    const { dropped } = await pass();
    expect(new Set(dropped.map(({ bead }) => bead))).toEqual(new Set([closed, deleted]));
    expect((await openSlingContexts(town.ledger)).contexts).toEqual([]);
  });

  test('P11: gives a bead up after three dispatches that failed, with one escalation', async () => {
    const [id] = await queued(2);
    await freeTheSlot();
    town.remote.goOffline();
    await town.git.objects.updateRef(town.rig.paths.bare, 'refs/remotes/origin/main', {
      to: undefined,
      from: 'any',
    });
    const failed = [];
    for (let n = 0; n < 5; n += 1) failed.push(...(await pass()).failed.map(({ blocked }) => blocked));
    expect(failed).toEqual([false, false, true]);
    expect(await town.bead(id ?? '')).toMatchObject({ status: 'blocked', assignee: '' });
    expect(await town.events('escalation_sent')).toHaveLength(1);
  });

  test('one bead that fails does not stop the others', async () => {
    const first = await town.create();
    await town.dispatch(first.id);
    const [broken, fine] = [await town.create({ priority: 0 }), await town.create()];
    await town.sling([broken.id], { agent: 'helper' });
    await town.sling([fine.id]);
    await town.ledger.transaction('x', (tx) =>
      tx.update(broken.id, { title: '--help' }).catch(() => undefined),
    );
    const [row] = (await openSlingContexts(town.ledger)).contexts.filter(
      (context) => context.workBead === broken.id,
    );
    const text = (row?.bead.description ?? '').replace('"agent":"helper"', '"agent":"gone"');
    await town.ledger.transaction('x', (tx) => tx.update(row?.bead.id ?? '', { description: text }));
    await freeTheSlot();
    const report = await pass();
    expect(report.failed).toMatchObject([{ bead: broken.id }]);
    expect(report.dispatched).toMatchObject([{ bead: fine.id }]);
  });

  test('rework goes to the worker that had it, on its branch', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await worker.write('page.md', 'x');
    await worker.done({ status: 'DEFERRED', reason: 'not now, please' });
    town.panes.exit(worker.session, { code: 0 });
    await town.sling([bead.id], {});
    const again = await town.bead(bead.id);
    expect(again).toMatchObject({ status: 'hooked' });
    expect((await town.row('furiosa'))?.branch).toBe(worker.branch);
  });
});
