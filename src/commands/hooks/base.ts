import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { baseLayerPath } from '../../runtimes/hook-files/layers.ts';
import { editLayer } from './layer.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return editLayer(app, input, baseLayerPath(app));
}
