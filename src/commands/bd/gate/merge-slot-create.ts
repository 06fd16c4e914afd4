import * as z from 'zod/mini';
import { createMergeSlot } from '../../../beads/forms/merge-slot.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({ id: z.string(), status: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const { id, status } = await write(beads.home, 'create merge slot', createMergeSlot);
  return { data: { id, status }, text: `Merge slot: ${id}` };
}
