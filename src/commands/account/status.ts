import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { accountInForce, switchedAccount } from '../../runtimes/accounts.ts';

export const schema = z.object({
  /** Of an agent that is started here without --account; absent = the program's own login. */
  handle: z.optional(z.string()),
  by: z.enum(['GT_ACCOUNT', '--account', 'default', 'own login']),
  config_dir: z.optional(z.string()),
  /** The one that ~/.claude leads to. */
  switched_to: z.optional(z.string()),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const [found, own] = await Promise.all([accountInForce(town), switchedAccount(town)]);
  const data = {
    by: found?.by ?? ('own login' as const),
    ...(found === undefined ? {} : { handle: found.account.handle, config_dir: found.account.folder }),
    ...(own === undefined ? {} : { switched_to: own.handle }),
  };
  const agents =
    found === undefined
      ? 'Agents run under their program’s own login'
      : `Agents run under ${found.account.handle} (${found.by === 'default' ? 'the default' : found.by}): ${found.account.folder}`;
  const mine = own === undefined ? [] : [`Your own sessions too: ~/.claude leads to ${own.handle}`];
  return { data, text: [agents, ...mine].join('\n') };
}
