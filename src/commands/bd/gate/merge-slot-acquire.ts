import * as z from 'zod/mini';
import { acquireMergeSlot } from '../../../beads/forms/merge-slot.ts';
import { oneLine } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({
  id: z.string(),
  acquired: z.boolean(),
  holder: z.string(),
  waiting: z.optional(z.boolean()),
  position: z.optional(z.number()),
});

/** Exit 1 unless the slot is the caller's now. */
export const run = onLedger(async ({ input, actor, write }) => {
  const holder = input.flag('holder') ?? (await actor());
  const result = await write(`acquire merge slot for ${holder}`, (tx) =>
    acquireMergeSlot(tx, holder, { wait: input.bool('wait') }),
  );
  const { id } = result.slot;
  const held = { id, acquired: false, holder: result.slot.holder ?? '' };
  switch (result.kind) {
    case 'acquired':
      return {
        data: { id, acquired: true, holder },
        text: `Acquired merge slot ${id} for ${oneLine(holder)}`,
      };
    case 'held':
      return {
        data: held,
        text: `Slot held by ${oneLine(held.holder)}\nQueue up with: bd merge-slot acquire --wait`,
        exitCode: 1,
      };
    case 'waiting':
      return {
        data: { ...held, waiting: true, position: result.position },
        text: `Slot held by ${oneLine(held.holder)}; you wait at place ${result.position}`,
        exitCode: 1,
      };
  }
});
