import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderHook } from '../../ui/text/hook.ts';
import { agentArg, readHookStatus, statusSchema } from './status-data.ts';

export const schema = statusSchema;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const data = await readHookStatus(town, await agentArg(town, input.arg('target')));
  return { data, text: renderHook(data, app.output.style) };
}
