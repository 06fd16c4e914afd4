import * as z from 'zod/mini';
import { memoryKey, memoryRow } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({
  key: z.string(),
  value: z.string(),
  action: z.enum(['remembered', 'updated']),
});

/** Keeps a sentence that `bd prime` tells every later session. Throws UsageError `memory.empty`. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const value = input.args('text').join(' ').trim();
  if (value === '') {
    throw new UsageError({
      code: 'memory.empty',
      message: 'there is nothing to remember',
      hint: 'Run: bd remember "<text>"',
    });
  }
  const key = input.flag('key') ?? memoryKey(value);
  const row = memoryRow(key);
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const action = await write(beads.home, `remember ${key}`, async (tx) => {
    const isKnown = (await tx.config()).has(row);
    await tx.setConfig(row, value);
    return isKnown ? 'updated' : 'remembered';
  });
  const verb = action === 'updated' ? 'Updated' : 'Remembered';
  return { data: { key, value, action }, text: `${verb} [${key}]: ${oneLine(value, 80)}` };
}
