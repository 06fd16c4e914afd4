import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { onBead } from '../on-bead.ts';

export const schema = z.object({
  status: z.literal('added'),
  blocker_id: z.string(),
  blocked_id: z.string(),
  type: z.literal('blocks'),
});

/** `dep A --blocks B`: B is not ready before A is closed. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const blocked = input.flag('blocks');
  if (input.arg('bead') === '' || blocked === undefined) {
    throw new UsageError({
      code: 'beads.no-target',
      message: 'which bead blocks which?',
      hint: 'Run: bd dep <bead> --blocks <bead>   (or bd dep add, remove, list, tree, cycles)',
    });
  }
  return block(blocked)(app, input);
}

const block = (blocked: string) =>
  onBead('bead', async ({ beads, bead, write }) => {
    const { id } = (await locateBead(beads.ledgers, beads.home, blocked)).bead;
    await write(`dependency: add blocks ${id} -> ${bead.id}`, (tx) =>
      tx.addEdge({ from: id, to: bead.id, type: 'blocks' }),
    );
    return {
      data: { status: 'added', blocker_id: bead.id, blocked_id: id, type: 'blocks' },
      text: `Added: ${bead.id} blocks ${id}`,
    };
  });
