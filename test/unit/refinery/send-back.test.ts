import { expect, it } from 'vitest';
import type { Bead } from '../../../src/beads/types.ts';
import { planSendBack } from '../../../src/refinery/send-back.ts';

const held = { status: 'in_progress', assignee: 'proj/polecats/nux', metadata: {} } as Partial<Bead>;
const script = { cmd: 'make', by: 'overseer', at: '2026-01-01T00:00:00Z' };

it.each<[string, Partial<Bead>, number, string]>([
  ['a model’s first failure goes back to it', held, 0, 'rework'],
  ['the second too', held, 1, 'rework'],
  ['P11: the third is for a person', held, 2, 'block'],
  ['a script cannot read evidence', { ...held, metadata: { script } }, 0, 'block'],
  ['a person’s own work stays with them', { ...held, assignee: 'proj/crew/max' }, 0, 'tell'],
  ['what nobody holds is not taken away', { ...held, status: 'open', assignee: '' }, 0, 'tell'],
  ['what a person closed stays closed', { ...held, status: 'closed' }, 0, 'tell'],
])('%s', (_, bead, attempts, wanted) => {
  expect(planSendBack(bead as Bead, attempts).kind).toBe(wanted);
});
