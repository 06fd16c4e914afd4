import * as z from 'zod/mini';
import { dimensionsOf } from '../../../beads/forms/dimensions.ts';
import { oneLine } from '../../../core/text.ts';
import { onBead } from '../on-bead.ts';

export const schema = z.object({
  issue_id: z.string(),
  dimension: z.string(),
  value: z.nullable(z.string()),
});

/** The value of one dimension. */
export const run = onBead('bead', ({ bead, input }) => {
  const dimension = input.arg('dimension');
  const value = dimensionsOf(bead).get(dimension);
  return {
    data: { issue_id: bead.id, dimension, value: value ?? null },
    text: value === undefined ? `(no ${dimension} state set)` : oneLine(value),
  };
});
