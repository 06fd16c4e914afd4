import * as z from 'zod/mini';
import { readKv } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { foundReply } from './found.ts';
import { openBeads } from '../open.ts';

export const schema = z.object({ key: z.string(), value: z.string(), found: z.boolean() });

/** Exit 1 when there is no such key. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const key = input.arg('key');
  return foundReply(key, (await readKv(home))[key], `${key} (not set)`);
}
