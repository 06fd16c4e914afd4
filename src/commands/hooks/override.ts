import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { overridePath } from '../../runtimes/hook-files/layers.ts';
import { editLayer } from './layer.ts';
import { parseTarget } from './target.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return editLayer(app, input, overridePath(app, await parseTarget(await app.town(), input.arg('target'))));
}
