import * as z from 'zod/mini';
import { isYamlKey } from '../../../beads/place/config-yaml.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { writeYamlKey } from './config-set.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({ key: z.string(), location: z.optional(z.string()) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const key = input.arg('key');
  const write = await openWrite(app, input, beads);
  if (isYamlKey(key)) {
    await writeYamlKey(app, beads, [key, undefined]);
    return { data: { key, location: 'config.yaml' }, text: `Unset ${key} (in config.yaml)` };
  }
  await write(beads.home, `config unset ${key}`, (tx) => tx.setConfig(key, undefined));
  return { data: { key }, text: `Unset ${key}` };
}
