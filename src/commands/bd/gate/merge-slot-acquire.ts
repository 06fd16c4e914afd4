import * as z from 'zod/mini';
import { acquireMergeSlot } from '../../../beads/forms/merge-slot.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { readActor } from '../author.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({
  id: z.string(),
  acquired: z.boolean(),
  holder: z.string(),
  waiting: z.optional(z.boolean()),
  position: z.optional(z.number()),
});

/** Exit 1 unless the slot is the caller's now. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const holder = input.flag('holder') ?? (await readActor(app, input, beads));
  const result = await write(beads.home, `acquire merge slot for ${holder}`, (tx) =>
    acquireMergeSlot(tx, holder, { wait: input.bool('wait') }),
  );
  const { id } = result.slot;
  const held = { id, acquired: false, holder: result.slot.holder ?? '' };
  switch (result.kind) {
    case 'acquired':
      return {
        data: { id, acquired: true, holder },
        text: `Acquired merge slot ${id} for ${oneLine(holder)}`,
      };
    case 'held':
      return {
        data: held,
        text: `Slot held by ${oneLine(held.holder)}\nQueue up with: bd merge-slot acquire --wait`,
        exitCode: 1,
      };
    case 'waiting':
      return {
        data: { ...held, waiting: true, position: result.position },
        text: `Slot held by ${oneLine(held.holder)}; you wait at place ${result.position}`,
        exitCode: 1,
      };
  }
}
