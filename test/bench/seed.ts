import type { LedgerTx } from '../../src/beads/types.ts';
import { createAppContext } from '../../src/context.ts';
import { fillBigLedger } from '../support/big-ledger.ts';
import { SILENT } from '../support/silent-streams.ts';

/**
 * A ledger as a busy rig has after months: a third closed, every fifth of the rest blocked by its neighbour, labels
 * and priorities mixed. Ten transactions, not one per bead.
 */
export async function seedBeads(
  town: { readonly root: string; readonly env: Readonly<Record<string, string>> },
  rig: string,
  count: number,
): Promise<void> {
  const { app, close } = createAppContext({ env: town.env, cwd: town.root, streams: SILENT });
  const context = await app.townAt(town.root);
  const ledger = await context.ledgers.open(rig);
  const batch = Math.ceil(count / 10);
  for (let from = 0; from < count; from += batch) {
    await ledger.transaction('overseer', async (tx) => {
      let previous: string | undefined;
      for (let index = from; index < Math.min(count, from + batch); index += 1) {
        previous = await seedBead(tx, index, previous);
      }
    });
  }
  await close();
}

/** A ledger of `count` beads as rows. @returns tasks that are ready, one for each write that is measured */
export async function seedRows(
  town: { readonly root: string; readonly env: Readonly<Record<string, string>> },
  rig: string,
  count: number,
): Promise<readonly string[]> {
  const { app, close } = createAppContext({ env: town.env, cwd: town.root, streams: SILENT });
  const context = await app.townAt(town.root);
  const ledger = await context.ledgers.open(rig);
  await fillBigLedger(await context.ports.store.open(rig), ledger.prefix, count);
  await ledger.recomputeBlocked();
  const ready = await ledger.ready({ type: ['task'] });
  await close();
  return ready.map(({ id }) => id);
}

async function seedBead(tx: LedgerTx, index: number, previous: string | undefined): Promise<string> {
  const { id } = await tx.create({
    title: `Task ${index}: make part ${index % 37} of the module work`,
    description: 'What is to be done, and how to see that it is done.\n'.repeat(4),
    type: index % 7 === 0 ? 'bug' : 'task',
    priority: index % 5,
    labels: [`area-${index % 11}`],
  });
  if (index % 3 === 0) await tx.close(id, { reason: 'done', force: true });
  else if (index % 5 === 1 && previous !== undefined) {
    await tx.addEdge({ from: id, to: previous, type: 'blocks' });
  }
  return id;
}
