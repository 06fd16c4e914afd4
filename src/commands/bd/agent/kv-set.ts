import * as z from 'zod/mini';
import { kvRow } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({ key: z.string(), value: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const [key, value] = [input.arg('key'), input.arg('value')];
  const row = kvRow(key);
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  await write(beads.home, `kv set ${key}`, (tx) => tx.setConfig(row, value));
  return { data: { key, value }, text: `Set ${key} = ${oneLine(value)}` };
}
