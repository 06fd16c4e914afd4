import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { progressText } from '../../ui/text/mol.ts';
import { moleculeArg } from './molecule-arg.ts';
import { progressJson, progressSchema } from './progress-json.ts';

export const schema = progressSchema;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { progress } = await moleculeArg(await app.town(), input.arg('molecule'));
  return { data: progressJson(progress), text: progressText(progress) };
}
