import * as z from 'zod/mini';
import { mergeSlotId, readMergeSlot } from '../../../beads/forms/merge-slot.ts';
import { oneLine } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({
  id: z.string(),
  available: z.boolean(),
  holder: z.optional(z.nullable(z.string())),
  waiters: z.optional(z.array(z.string())),
  error: z.optional(z.string()),
});

/** A slot that is not there is an answer, not a failure. */
export const run = onLedger(async ({ home }) => {
  const slot = await readMergeSlot(home);
  if (slot === undefined) {
    const id = mergeSlotId(home);
    return {
      data: { id, available: false, error: 'not found' },
      text: `There is no merge slot ${id}\nRun: bd merge-slot create`,
    };
  }
  const { id, holder, waiters } = slot;
  return {
    data: { id, available: holder === undefined, holder: holder ?? null, waiters },
    text: [
      holder === undefined ? `Merge slot ${id} is free` : `Merge slot ${id} is held by ${oneLine(holder)}`,
      ...waiters.map((name, index) => `  ${index + 1}. ${oneLine(name)} waits`),
    ].join('\n'),
  };
});
