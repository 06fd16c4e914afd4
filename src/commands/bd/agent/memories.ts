import * as z from 'zod/mini';
import { memoryKey, memoryRow, readMemories } from '../../../beads/forms/kv.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { oneLine, printable } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';
import { foundReply, foundSchema } from './kv.ts';

/** Keeps a sentence that `bd prime` tells every later session. Throws UsageError `memory.empty`. */
export const remember: CommandModule = {
  schema: z.object({ key: z.string(), value: z.string(), action: z.enum(['remembered', 'updated']) }),
  run: onLedger(async ({ input, write }) => {
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
    const action = await write(`remember ${key}`, async (tx) => {
      const isKnown = (await tx.config()).has(row);
      await tx.setConfig(row, value);
      return isKnown ? 'updated' : 'remembered';
    });
    const verb = action === 'updated' ? 'Updated' : 'Remembered';
    return { data: { key, value, action }, text: `${verb} [${key}]: ${oneLine(value, 80)}` };
  }),
};

/** All memories, or those with a text in key or sentence. */
export const list: CommandModule = {
  schema: z.record(z.string(), z.string()),
  run: onLedger(async ({ input, home }) => {
    const wanted = input.args('text').join(' ').toLowerCase();
    const found = Object.entries(await readMemories(home)).filter((entry) =>
      entry.some((text) => text.toLowerCase().includes(wanted)),
    );
    const nothing =
      wanted === '' ? 'No memories\nAdd one with: bd remember "<text>"' : `No memory has '${wanted}'`;
    return {
      data: Object.fromEntries(found),
      text: found.map(([key, value]) => `${key}\n  ${oneLine(value, 120)}`).join('\n') || nothing,
    };
  }),
};

const missing = (key: string): string => `No memory is called '${key}'. Run: bd memories`;

/** Exit 1 when there is no such memory. */
export const recall: CommandModule = {
  schema: foundSchema,
  run: onLedger(async ({ input, home }) => {
    const key = input.arg('key');
    return foundReply(key, (await readMemories(home))[key], missing(key));
  }),
};

/** Exit 1 when there is no such memory. */
export const forget: CommandModule = {
  /** bd writes the words "true" and "false". */
  schema: z.union([
    z.object({ key: z.string(), deleted: z.literal('true') }),
    z.object({ key: z.string(), found: z.literal('false') }),
  ]),
  run: onLedger(async ({ input, write }) => {
    const key = input.arg('key');
    const row = memoryRow(key);
    const forgotten = await write(`forget ${key}`, async (tx) => {
      const value = (await tx.config()).get(row);
      if (value !== undefined) await tx.setConfig(row, undefined);
      return value;
    });
    if (forgotten === undefined)
      return { data: { key, found: 'false' }, warnings: [printable(missing(key))], exitCode: 1 };
    return { data: { key, deleted: 'true' }, text: `Forgot [${key}]: ${oneLine(forgotten, 80)}` };
  }),
};
