import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { openBeads } from './open.ts';
import { openWrite } from './write.ts';

export const schema = z.object({ key: z.string(), value: z.literal('') });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const key = input.arg('key');
  const write = await openWrite(app, input, beads);
  await write(beads.home, `config unset ${key}`, (tx) => tx.setConfig(key, undefined));
  return { data: { key, value: '' }, text: `Unset ${key}` };
}
