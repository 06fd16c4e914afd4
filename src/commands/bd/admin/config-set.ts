import * as z from 'zod/mini';
import { isYamlKey, writeYaml } from '../../../beads/place/config-yaml.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { RefusedError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { openBeads, type BdHome } from '../open.ts';
import { openWrite } from '../write.ts';
import { yamlPath } from './yaml-file.ts';

export const schema = z.object({ key: z.string(), value: z.string(), location: z.optional(z.string()) });

/** Sets one setting where it lives. Throws RefusedError `config.fixed` for the prefix of existing ids. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { home } = beads;
  const [key, value] = [input.arg('key'), input.arg('value')];
  if (['issue_prefix', 'issue-prefix', 'prefix'].includes(key)) {
    throw new RefusedError({
      code: 'config.fixed',
      message: `the prefix of ${home.database} is ${home.prefix} and every id carries it`,
      hint: 'Run: bd rename-prefix <new prefix>',
    });
  }
  const write = await openWrite(app, input, beads);
  if (isYamlKey(key)) {
    await writeYamlKey(app, beads, [key, value]);
    return {
      data: { key, value, location: 'config.yaml' },
      text: `Set ${key} = ${oneLine(value)} (in config.yaml)`,
    };
  }
  await write(home, `config ${key}`, (tx) => tx.setConfig(key, value));
  return { data: { key, value }, text: `Set ${key} = ${oneLine(value)}` };
}

/** A file of its own, so no transaction: undefined removes the key. */
export async function writeYamlKey(
  app: AppContext,
  beads: BdHome,
  [key, value]: readonly [string, string | undefined],
): Promise<void> {
  const { files } = app.machine;
  const path = yamlPath(beads);
  const before = (await files.readText(path)) ?? '';
  const after = writeYaml(before, key, value);
  if (after !== before) await files.writeAtomic(path, after);
}
