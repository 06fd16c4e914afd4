import * as z from 'zod/mini';
import { isYamlKey, writeYaml } from '../../../beads/place/config-yaml.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { RefusedError } from '../../../core/errors.ts';
import { oneLine, printable } from '../../../core/text.ts';
import { onLedger, type OnLedger } from '../handlers.ts';
import { readYamlFile, yamlPath } from './yaml-file.ts';

/* Settings live in the database, those that must be read before it in config.yaml. */

const location = z.optional(z.string());
const settingSchema = z.object({ key: z.string(), value: z.string(), location });
const IN_YAML = { location: 'config.yaml' };

/** Sets one setting where it lives. Throws RefusedError `config.fixed` for the prefix of existing ids. */
export const set: CommandModule = {
  schema: settingSchema,
  run: onLedger(async (on) => {
    const { home, input, write } = on;
    const [key, value] = [input.arg('key'), input.arg('value')];
    if (['issue_prefix', 'issue-prefix', 'prefix'].includes(key)) {
      throw new RefusedError({
        code: 'config.fixed',
        message: `the prefix of ${home.database} is ${home.prefix} and every id carries it`,
        hint: 'Run: bd rename-prefix <new prefix>',
      });
    }
    const text = `Set ${key} = ${oneLine(value)}`;
    if (isYamlKey(key)) {
      await writeYamlKey(on, key, value);
      return { data: { key, value, ...IN_YAML }, text: `${text} (in config.yaml)` };
    }
    await write(`config ${key}`, (tx) => tx.setConfig(key, value));
    return { data: { key, value }, text };
  }),
};

/** One setting; one that is not set reads as empty. */
export const get: CommandModule = {
  schema: settingSchema,
  run: onLedger(async ({ app, beads, home, input }) => {
    const key = input.arg('key');
    const isYaml = isYamlKey(key);
    const value = (isYaml ? await readYamlFile(app, beads) : await home.config()).get(key);
    return {
      data: { key, value: value ?? '', ...(isYaml ? IN_YAML : {}) },
      text: value === undefined ? `${key} (not set)` : printable(value),
    };
  }),
};

/** All settings of the database. */
export const list: CommandModule = {
  schema: z.record(z.string(), z.string()),
  run: onLedger(async ({ home }) => {
    const config = await home.config();
    return {
      data: Object.fromEntries(config),
      text: printable([...config].map(([key, value]) => `${key} = ${value}`).join('\n')),
    };
  }),
};

export const unset: CommandModule = {
  schema: z.object({ key: z.string(), location }),
  run: onLedger(async (on) => {
    const key = on.input.arg('key');
    if (isYamlKey(key)) {
      await writeYamlKey(on, key, undefined);
      return { data: { key, ...IN_YAML }, text: `Unset ${key} (in config.yaml)` };
    }
    await on.write(`config unset ${key}`, (tx) => tx.setConfig(key, undefined));
    return { data: { key }, text: `Unset ${key}` };
  }),
};

/** A file of its own, so no transaction, but for those who may write only; undefined removes the key. */
async function writeYamlKey(
  { app, beads, writer }: OnLedger,
  key: string,
  value: string | undefined,
): Promise<void> {
  await writer();
  const { files } = app.machine;
  const path = yamlPath(beads);
  const before = (await files.readText(path)) ?? '';
  const after = writeYaml(before, key, value);
  if (after !== before) await files.writeAtomic(path, after);
}
