import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateBead } from '../../../src/beads/locate.ts';
import { codeOf, makeLedgerTown, type LedgerTown } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

let town: LedgerTown;
beforeEach(async () => {
  town = await makeLedgerTown(createFakeStore());
});
afterEach(() => town.store.close());

const at = async (home: 'rig' | 'hq', typed: string) => {
  const { ledger, bead } = await locateBead(town.ledgers, town[home], typed);
  return `${ledger.database}/${bead.id}`;
};

test('P5: a whole id is found from anywhere, in the database that its prefix names', async () => {
  const { rig, hq } = town;
  await rig.transaction('ann', (tx) => tx.create({ id: 'fx-abc', title: 'A' }));
  await hq.transaction('ann', (tx) => tx.create({ id: 'hq-cv-x1', title: 'C', foreignPrefix: true }));
  for (const home of ['rig', 'hq'] as const) {
    expect(await at(home, 'fx-abc')).toBe('proj/fx-abc');
    expect(await at(home, 'hq-cv-x1')).toBe('hq/hq-cv-x1');
  }
  expect(await at('rig', 'ab')).toBe('proj/fx-abc');
  expect(await codeOf(at('hq', 'ab'))).toBe('bead.not-found');
});

test('P5: the agent of a rig that an older town keeps in hq is found there, and the rig wins when it has it too', async () => {
  const { rig, hq } = town;
  const agent = { id: 'fx-proj-witness', title: 'W', labels: ['gt:agent'], foreignPrefix: true };
  await hq.transaction('ann', (tx) => tx.create(agent));
  expect(await at('rig', 'fx-proj-witness')).toBe('hq/fx-proj-witness');
  expect(await at('hq', 'fx-proj-witness')).toBe('hq/fx-proj-witness');
  await rig.transaction('ann', (tx) => tx.create(agent));
  expect(await at('hq', 'fx-proj-witness')).toBe('proj/fx-proj-witness');
  expect(await codeOf(at('hq', 'fx-none'))).toBe('bead.not-found');
});
