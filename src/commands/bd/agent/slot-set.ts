import * as z from 'zod/mini';
import { setSlot } from '../../../beads/forms/agent-slots.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({ agent: z.string(), slot: z.string(), bead: z.nullable(z.string()) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { bead } = await locateBead(beads.ledgers, beads.home, input.arg('bead'));
  return writeSlot(app, input, bead.id);
}

/** Fills a slot, or empties it with undefined. */
export async function writeSlot(
  app: AppContext,
  input: CommandInput,
  bead: string | undefined,
): Promise<CommandReply> {
  const slot = input.arg('slot');
  if (slot !== 'hook' && slot !== 'role') {
    throw new UsageError({
      code: 'agent.bad-slot',
      message: `'${slot.slice(0, 40)}' is no slot of an agent`,
      hint: 'One of: hook, role',
    });
  }
  const beads = await openBeads(app, input);
  const { ledger, bead: agent } = await locateBead(beads.ledgers, beads.home, input.arg('agent'));
  const write = await openWrite(app, input, beads);
  await write(ledger, `update ${agent.id}`, (tx) => setSlot(tx, agent.id, { slot, bead }));
  return {
    data: { agent: agent.id, slot, bead: bead ?? null },
    text: bead === undefined ? `Cleared ${slot} of ${agent.id}` : `Set ${slot} of ${agent.id} to ${bead}`,
  };
}
