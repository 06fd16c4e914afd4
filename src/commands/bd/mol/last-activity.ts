import * as z from 'zod/mini';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { dateText } from '../../../ui/text/beads.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({
  molecule_id: z.string(),
  last_activity: z.string(),
  source: z.string(),
  source_step_id: z.optional(z.string()),
});

/** When the molecule or one of its steps was changed last. */
export const run = onLedger(async ({ app, input, locate }) => {
  const { ledger, bead } = await locate(input.arg('molecule'));
  const { steps } = await readMolecule(ledger, bead);
  const last = steps.reduce((latest, step) => (step.updatedAt > latest.updatedAt ? step : latest), bead);
  const source =
    last.id === bead.id ? 'molecule_updated' : last.status === 'closed' ? 'step_closed' : 'step_updated';
  return {
    data: {
      molecule_id: bead.id,
      last_activity: last.updatedAt,
      source,
      ...(last.id === bead.id ? {} : { source_step_id: last.id }),
    },
    text: `${dateText(last.updatedAt, app.machine.clock.now())}  ${last.id}`,
  };
});
