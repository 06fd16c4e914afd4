import { afterEach, beforeEach, describe } from 'vitest';
import { changingBeads } from './ledger/changing.ts';
import { creatingBeads } from './ledger/creating.ts';
import { doctoring } from './ledger/doctoring.ts';
import { linkingBeads } from './ledger/linking.ts';
import { everyValue } from './ledger/matrix.ts';
import { molecules } from './ledger/molecules.ts';
import { movingBeads } from './ledger/moving.ts';
import { queryingBeads } from './ledger/querying.ts';
import { readyPages } from './ledger/ready-pages.ts';
import { readiness } from './ledger/readiness.ts';
import { removingBeads } from './ledger/removing.ts';
import { ledgerSettings } from './ledger/settings.ts';
import { hostileTexts } from './ledger/hostile.ts';
import { reporting } from './ledger/reporting.ts';
import { makeLedgerTown, type LedgerTown, type StoreMaker } from './ledger/setup.ts';
import { takingTurns } from './ledger/turns.ts';

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
    describe('every value', () => everyValue(current));
    describe('changing beads', () => changingBeads(current));
    describe('linking beads', () => linkingBeads(current));
    describe('querying beads', () => queryingBeads(current));
    describe('settings', () => ledgerSettings(current));
    describe('moving beads', () => movingBeads(current));
    describe('removing beads', () => removingBeads(current));
    describe('reporting on beads', () => reporting(current));
    describe('hostile text', () => hostileTexts(current));
    describe('readiness', () => readiness(current));
    describe('pages of ready work', () => readyPages(current));
    describe('molecules', () => molecules(current));
    describe('taking turns', () => takingTurns(current));
    describe('the doctor', () => doctoring(current));
  });
}
