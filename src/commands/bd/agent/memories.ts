import * as z from 'zod/mini';
import { readMemories } from '../../../beads/forms/kv.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads } from '../open.ts';

export const schema = z.record(z.string(), z.string());

/** All memories, or those with a text in key or sentence. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
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
}
