import * as z from 'zod/mini';
import { isYamlKey } from '../../../beads/place/config-yaml.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { printable } from '../../../core/text.ts';
import { openBeads } from '../open.ts';
import { readYamlFile } from './yaml-file.ts';

export const schema = z.object({ key: z.string(), value: z.string(), location: z.optional(z.string()) });

/** One setting; one that is not set reads as empty. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const key = input.arg('key');
  const isYaml = isYamlKey(key);
  const value = (isYaml ? await readYamlFile(app, beads) : await beads.home.config()).get(key);
  return {
    data: { key, value: value ?? '', ...(isYaml ? { location: 'config.yaml' } : {}) },
    text: value === undefined ? `${key} (not set)` : printable(value),
  };
}
