import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { printable } from '../../../core/text.ts';
import { openBeads } from '../open.ts';

export const schema = z.array(z.string());

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers, home } = await openBeads(app, input);
  const { bead } = await locateBead(ledgers, home, input.arg('bead'));
  return {
    data: bead.labels,
    text: bead.labels.length === 0 ? `${bead.id} has no labels.` : printable(bead.labels.join('\n')),
  };
}
