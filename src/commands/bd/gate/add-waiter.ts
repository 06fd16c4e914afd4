import * as z from 'zod/mini';
import { addWaiter } from '../../../beads/gates/gates.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({ id: z.string(), waiter: z.string(), added: z.boolean() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, input.arg('gate'));
  const waiter = input.arg('waiter').trim();
  const write = await openWrite(app, input, beads);
  const added = await write(ledger, `update ${bead.id}`, (tx) => addWaiter(tx, bead.id, waiter));
  return {
    data: { id: bead.id, waiter, added },
    text: `${oneLine(waiter)} ${added ? 'will be told' : 'is told already'} when ${bead.id} opens`,
  };
}
