import * as z from 'zod/mini';
import { readKv } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads } from '../open.ts';

export const schema = z.record(z.string(), z.string());

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const pairs = await readKv(home);
  const lines = Object.entries(pairs).map(([key, value]) => `${key} = ${oneLine(value)}`);
  return { data: pairs, text: lines.join('\n') || 'No keys\nSet one with: bd kv set <key> <value>' };
}
