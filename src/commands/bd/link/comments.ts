import * as z from 'zod/mini';
import { commentLine } from '../../../ui/text/beads.ts';
import { onBead } from '../on-bead.ts';
import { commentSchema } from '../schema.ts';
import { commentJson } from '../views.ts';

export const schema = z.array(commentSchema);

export const run = onBead('bead', async ({ bead, ledger }) => {
  const comments = await ledger.comments(bead.id);
  return {
    data: comments.map(commentJson),
    text: comments.map(commentLine).join('\n') || `${bead.id} has no comments.`,
  };
});
