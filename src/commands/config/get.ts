import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readTownKey } from '../../town/settings.ts';
import { keyData, keySchema } from './key-report.ts';

export const schema = keySchema;

/** Only the value goes to stdout, for scripts; a person at a terminal is also told where it comes from. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const key = await readTownKey(await app.town(), input.arg('key'));
  return {
    data: keyData(key),
    text: key.text,
    warnings: app.output.isTTY ? [app.output.style.dim(`(from ${key.source})`)] : [],
  };
}
