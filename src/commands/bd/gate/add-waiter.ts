import * as z from 'zod/mini';
import { addWaiter } from '../../../beads/gates/gates.ts';
import { oneLine } from '../../../core/text.ts';
import { onBead } from '../handlers.ts';

export const schema = z.object({ id: z.string(), waiter: z.string(), added: z.boolean() });

export const run = onBead('gate', async ({ bead, input, write }) => {
  const waiter = input.arg('waiter').trim();
  const added = await write(`update ${bead.id}`, (tx) => addWaiter(tx, bead.id, waiter));
  return {
    data: { id: bead.id, waiter, added },
    text: `${oneLine(waiter)} ${added ? 'will be told' : 'is told already'} when ${bead.id} opens`,
  };
});
