import type { Bead, NewBead } from '../../../src/beads/types.ts';
import { makeLedgerTown } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

/** Beads as the ledger returns them. */
export async function makeTestBeads(beads: readonly NewBead[]): Promise<readonly Bead[]> {
  const store = createFakeStore();
  const { rig } = await makeLedgerTown(store);
  const made = await rig.transaction('ann', async (tx) => {
    const done: Bead[] = [];
    for (const bead of beads) done.push(await tx.create(bead));
    return done;
  });
  await store.close();
  return made;
}
