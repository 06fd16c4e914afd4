import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { openBeads } from './open.ts';

export const schema = z.object({ key: z.string(), value: z.string() });

/** One setting; one that is not set reads as empty. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const key = input.arg('key');
  const value = (await home.config()).get(key);
  return {
    data: { key, value: value ?? '' },
    text: value === undefined ? `${key} (not set)` : printable(value),
  };
}
