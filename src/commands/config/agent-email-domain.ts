import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readTownKey } from '../../town/settings.ts';
import { changeTownKey } from './set.ts';

const KEY = 'agent_email_domain';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const domain = input.arg('domain');
  if (domain === '') return { text: (await readTownKey(await app.town(), KEY)).text };
  return changeTownKey(app, KEY, domain);
}
