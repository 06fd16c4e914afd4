import { afterEach, beforeEach, describe } from 'vitest';
import { changingBeads } from './ledger/changing.ts';
import { creatingBeads } from './ledger/creating.ts';
import { linkingBeads } from './ledger/linking.ts';
import { queryingBeads } from './ledger/querying.ts';
import { readiness } from './ledger/readiness.ts';
import { makeLedgerTown } from './ledger/setup.ts';
import type { LedgerTown, StoreMaker } from './ledger/setup.ts';

/** What every ledger must hold, whichever engine is below it. */
export function ledgerContract(engine: string, maker: StoreMaker): void {
  describe(`the ledger on ${engine}`, () => {
    let town: LedgerTown | undefined;
    const current = (): LedgerTown => {
      if (town === undefined) throw new Error('no town');
      return town;
    };
    beforeEach(async () => {
      town = await makeLedgerTown(await maker.make());
    });
    afterEach(async () => {
      if (town !== undefined) await maker.dispose(town.store);
      town = undefined;
    });

    describe('creating beads', () => creatingBeads(current));
    describe('changing beads', () => changingBeads(current));
    describe('linking beads', () => linkingBeads(current));
    describe('querying beads', () => queryingBeads(current));
    describe('readiness', () => readiness(current));
  });
}
