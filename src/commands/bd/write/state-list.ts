import * as z from 'zod/mini';
import { dimensionsOf } from '../../../beads/forms/dimensions.ts';
import { oneLine } from '../../../core/text.ts';
import { onBead } from '../on-bead.ts';

export const schema = z.object({ issue_id: z.string(), states: z.record(z.string(), z.string()) });

/** All dimensions of a bead. */
export const run = onBead('bead', ({ bead }) => {
  const states = dimensionsOf(bead);
  const lines = [...states].map(([dimension, value]) => `${oneLine(dimension)}: ${oneLine(value)}`);
  return {
    data: { issue_id: bead.id, states: Object.fromEntries(states) },
    text: lines.length === 0 ? `${bead.id} has no state labels` : lines.join('\n'),
  };
});
