import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderHook } from '../../ui/text/hook.ts';
import { run as attach } from './attach.ts';
import { run as clear } from './clear.ts';
import { agentArg, readHookStatus, statusSchema } from './status-data.ts';

export const schema = statusSchema;

/** No bead: show the own hook. A bead: hook it. --clear: empty it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.bool('clear')) return clear(app, input);
  if (input.arg('bead') !== '') {
    const reply = await attach(app, input);
    if (!input.json) return reply;
  }
  const town = await app.town();
  const data = await readHookStatus(town, await agentArg(town, input.arg('target')));
  return { data, text: renderHook(data, app.output.style) };
}
