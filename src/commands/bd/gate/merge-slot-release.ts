import * as z from 'zod/mini';
import { releaseMergeSlot } from '../../../beads/forms/merge-slot.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { readActor } from '../author.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({ id: z.string(), released: z.boolean(), holder: z.optional(z.string()) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const holder = input.flag('holder') ?? (await readActor(app, input, beads));
  const slot = await write(beads.home, 'release merge slot', (tx) => releaseMergeSlot(tx, holder));
  const next = slot.holder === undefined ? {} : { holder: slot.holder };
  return {
    data: { id: slot.id, released: true, ...next },
    text: `Released merge slot ${slot.id}${slot.holder === undefined ? '' : `; ${oneLine(slot.holder)} has it now`}`,
  };
}
