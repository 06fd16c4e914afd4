import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { runBd } from './run-bd.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return { exitCode: await runBd(app, await app.town(), ['show', ...input.words]) };
}
