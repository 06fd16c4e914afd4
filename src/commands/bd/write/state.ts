import * as z from 'zod/mini';
import { dimensionsOf } from '../../../beads/forms/dimensions.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads } from '../open.ts';

export const schema = z.object({
  issue_id: z.string(),
  dimension: z.string(),
  value: z.nullable(z.string()),
});

/** The value of one dimension. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers, home } = await openBeads(app, input);
  const { bead } = await locateBead(ledgers, home, input.arg('bead'));
  const dimension = input.arg('dimension');
  const value = dimensionsOf(bead).get(dimension);
  return {
    data: { issue_id: bead.id, dimension, value: value ?? null },
    text: value === undefined ? `(no ${dimension} state set)` : oneLine(value),
  };
}
