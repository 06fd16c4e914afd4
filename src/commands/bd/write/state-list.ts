import * as z from 'zod/mini';
import { dimensionsOf } from '../../../beads/forms/dimensions.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads } from '../open.ts';

export const schema = z.object({ issue_id: z.string(), states: z.record(z.string(), z.string()) });

/** All dimensions of a bead. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers, home } = await openBeads(app, input);
  const { bead } = await locateBead(ledgers, home, input.arg('bead'));
  const states = dimensionsOf(bead);
  const lines = [...states].map(([dimension, value]) => `${oneLine(dimension)}: ${oneLine(value)}`);
  return {
    data: { issue_id: bead.id, states: Object.fromEntries(states) },
    text: lines.length === 0 ? `${bead.id} has no state labels` : lines.join('\n'),
  };
}
