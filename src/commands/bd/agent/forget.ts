import * as z from 'zod/mini';
import { memoryRow } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine, printable } from '../../../core/text.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

/** bd writes the words "true" and "false". */
export const schema = z.union([
  z.object({ key: z.string(), deleted: z.literal('true') }),
  z.object({ key: z.string(), found: z.literal('false') }),
]);

/** Exit 1 when there is no such memory. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const key = input.arg('key');
  const row = memoryRow(key);
  const forgotten = await write(beads.home, `forget ${key}`, async (tx) => {
    const value = (await tx.config()).get(row);
    if (value !== undefined) await tx.setConfig(row, undefined);
    return value;
  });
  if (forgotten === undefined) {
    const missing = printable(`No memory is called '${key}'. Run: bd memories`);
    return { data: { key, found: 'false' }, warnings: [missing], exitCode: 1 };
  }
  return { data: { key, deleted: 'true' }, text: `Forgot [${key}]: ${oneLine(forgotten, 80)}` };
}
