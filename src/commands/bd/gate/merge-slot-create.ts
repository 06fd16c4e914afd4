import * as z from 'zod/mini';
import { createMergeSlot } from '../../../beads/forms/merge-slot.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({ id: z.string(), status: z.string() });

export const run = onLedger(async ({ write }) => {
  const { id, status } = await write('create merge slot', createMergeSlot);
  return { data: { id, status }, text: `Merge slot: ${id}` };
});
