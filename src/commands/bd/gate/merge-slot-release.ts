import * as z from 'zod/mini';
import { releaseMergeSlot } from '../../../beads/forms/merge-slot.ts';
import { oneLine } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({ id: z.string(), released: z.boolean(), holder: z.optional(z.string()) });

export const run = onLedger(async ({ input, actor, write }) => {
  const holder = input.flag('holder') ?? (await actor());
  const slot = await write('release merge slot', (tx) => releaseMergeSlot(tx, holder));
  const next = slot.holder === undefined ? {} : { holder: slot.holder };
  return {
    data: { id: slot.id, released: true, ...next },
    text: `Released merge slot ${slot.id}${slot.holder === undefined ? '' : `; ${oneLine(slot.holder)} has it now`}`,
  };
});
