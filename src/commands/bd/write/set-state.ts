import * as z from 'zod/mini';
import { parseDimension, setDimension } from '../../../beads/forms/dimensions.ts';
import { onBead } from '../on-bead.ts';

export const schema = z.union([
  z.object({
    issue_id: z.string(),
    dimension: z.string(),
    old_value: z.nullable(z.string()),
    new_value: z.string(),
    event_id: z.string(),
    changed: z.literal(true),
  }),
  z.object({ issue_id: z.string(), dimension: z.string(), value: z.string(), changed: z.literal(false) }),
]);

/** `set-state <id> health=failing`: one label per dimension, and an event bead that says why. */
export const run = onBead('bead', async ({ bead, input, write }) => {
  const wanted = parseDimension(input.arg('state'));
  const change = await write(`set-state ${bead.id}`, (tx) =>
    setDimension(tx, bead.id, { ...wanted, reason: input.flag('reason') }),
  );
  const { dimension, value, before, eventId } = change;
  if (eventId === undefined) {
    return {
      data: { issue_id: bead.id, dimension, value, changed: false },
      text: `No change: ${dimension} of ${bead.id} is ${value} already`,
    };
  }
  return {
    data: {
      issue_id: bead.id,
      dimension,
      old_value: before ?? null,
      new_value: value,
      event_id: eventId,
      changed: true,
    },
    text: `Set ${dimension} of ${bead.id} to ${value}${before === undefined ? '' : ` (was ${before})`}, recorded in ${eventId}`,
  };
});
