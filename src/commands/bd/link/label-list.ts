import * as z from 'zod/mini';
import { printable } from '../../../core/text.ts';
import { onBead } from '../on-bead.ts';

export const schema = z.array(z.string());

export const run = onBead('bead', ({ bead }) => {
  return {
    data: bead.labels,
    text: bead.labels.length === 0 ? `${bead.id} has no labels.` : printable(bead.labels.join('\n')),
  };
});
