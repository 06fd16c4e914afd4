import * as z from 'zod/mini';
import { kvRow } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

/** bd writes the word "true". */
export const schema = z.object({ key: z.string(), deleted: z.literal('true') });

/** A key that is not there is fine. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const key = input.arg('key');
  const row = kvRow(key);
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  await write(beads.home, `kv clear ${key}`, (tx) => tx.setConfig(row, undefined));
  return { data: { key, deleted: 'true' }, text: `Cleared ${key}` };
}
