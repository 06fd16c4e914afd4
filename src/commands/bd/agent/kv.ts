import * as z from 'zod/mini';
import { kvRow, readKv } from '../../../beads/forms/kv.ts';
import type { CommandModule, CommandReply } from '../../../cli/command.ts';
import { oneLine, printable } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

export const set: CommandModule = {
  schema: z.object({ key: z.string(), value: z.string() }),
  run: onLedger(async ({ input, write }) => {
    const [key, value] = [input.arg('key'), input.arg('value')];
    const row = kvRow(key);
    await write(`kv set ${key}`, (tx) => tx.setConfig(row, value));
    return { data: { key, value }, text: `Set ${key} = ${oneLine(value)}` };
  }),
};

export const foundSchema = z.object({ key: z.string(), value: z.string(), found: z.boolean() });

/** Exit 1 when there is no such key. */
export const get: CommandModule = {
  schema: foundSchema,
  run: onLedger(async ({ input, home }) => {
    const key = input.arg('key');
    return foundReply(key, (await readKv(home))[key], `${key} (not set)`);
  }),
};

/** A value that was looked up. One that is not there, or empty, is exit 1 with `missing` on stderr. */
export function foundReply(key: string, value: string | undefined, missing: string): CommandReply {
  if (value !== undefined && value !== '')
    return { data: { key, value, found: true }, text: printable(value) };
  return { data: { key, value: '', found: false }, warnings: [printable(missing)], exitCode: 1 };
}

export const list: CommandModule = {
  schema: z.record(z.string(), z.string()),
  run: onLedger(async ({ home }) => {
    const pairs = await readKv(home);
    const lines = Object.entries(pairs).map(([key, value]) => `${key} = ${oneLine(value)}`);
    return { data: pairs, text: lines.join('\n') || 'No keys\nSet one with: bd kv set <key> <value>' };
  }),
};

/** A key that is not there is fine. */
export const clear: CommandModule = {
  /** bd writes the word "true". */
  schema: z.object({ key: z.string(), deleted: z.literal('true') }),
  run: onLedger(async ({ input, write }) => {
    const key = input.arg('key');
    const row = kvRow(key);
    await write(`kv clear ${key}`, (tx) => tx.setConfig(row, undefined));
    return { data: { key, deleted: 'true' }, text: `Cleared ${key}` };
  }),
};
