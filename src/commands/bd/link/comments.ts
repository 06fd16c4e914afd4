import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { commentLine } from '../../../ui/text/beads.ts';
import { openBeads } from '../open.ts';
import { commentSchema } from '../schema.ts';
import { commentJson } from '../views.ts';

export const schema = z.array(commentSchema);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers, home } = await openBeads(app, input);
  const { ledger, bead } = await locateBead(ledgers, home, input.arg('bead'));
  const comments = await ledger.comments(bead.id);
  return {
    data: comments.map(commentJson),
    text: comments.map(commentLine).join('\n') || `${bead.id} has no comments.`,
  };
}
