import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { printable } from '../../../core/text.ts';
import { openBeads } from '../open.ts';

export const schema = z.record(z.string(), z.string());

/** All settings of the database. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const config = await home.config();
  return {
    data: Object.fromEntries(config),
    text: printable([...config].map(([key, value]) => `${key} = ${value}`).join('\n')),
  };
}
