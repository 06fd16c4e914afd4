import * as z from 'zod/mini';
import { dimensionsOf, parseDimension, setDimension } from '../../../beads/forms/dimensions.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { oneLine } from '../../../core/text.ts';
import { onBead } from '../handlers.ts';

const dimensionOf = { issue_id: z.string(), dimension: z.string() };

/** `set-state <id> health=failing`: one label per dimension, and an event bead that says why. */
export const set: CommandModule = {
  schema: z.union([
    z.object({
      ...dimensionOf,
      old_value: z.nullable(z.string()),
      new_value: z.string(),
      event_id: z.string(),
      changed: z.literal(true),
    }),
    z.object({ ...dimensionOf, value: z.string(), changed: z.literal(false) }),
  ]),
  run: onBead('bead', async ({ bead, input, write }) => {
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
  }),
};

/** The value of one dimension. */
export const get: CommandModule = {
  schema: z.object({ ...dimensionOf, value: z.nullable(z.string()) }),
  run: onBead('bead', ({ bead, input }) => {
    const dimension = input.arg('dimension');
    const value = dimensionsOf(bead).get(dimension);
    return {
      data: { issue_id: bead.id, dimension, value: value ?? null },
      text: value === undefined ? `(no ${dimension} state set)` : oneLine(value),
    };
  }),
};

/** All dimensions of a bead. */
export const list: CommandModule = {
  schema: z.object({ issue_id: z.string(), states: z.record(z.string(), z.string()) }),
  run: onBead('bead', ({ bead }) => {
    const states = dimensionsOf(bead);
    const lines = [...states].map(([dimension, value]) => `${oneLine(dimension)}: ${oneLine(value)}`);
    return {
      data: { issue_id: bead.id, states: Object.fromEntries(states) },
      text: lines.length === 0 ? `${bead.id} has no state labels` : lines.join('\n'),
    };
  }),
};
