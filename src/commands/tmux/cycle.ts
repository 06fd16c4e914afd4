import type { CommandInput, CommandModule, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { SessionName } from '../../core/names.ts';
import { shownSessions, stepFrom } from '../../sessions/cycle.ts';

/** One handler behind `gt cycle`, `gt town` and `gt crew` next and prev. @param group default: the session's own */
export function cycle(step: 1 | -1, group?: AgentAddress): CommandModule {
  return { run: (app, input) => run(app, input, { step, group }) };
}

async function run(
  app: AppContext,
  input: CommandInput,
  { step, group }: { readonly step: 1 | -1; readonly group: AgentAddress | undefined },
): Promise<CommandReply> {
  const town = await app.town();
  const shown = await shownSessions(town);
  const current = input.flag('session') ?? app.env['GT_SESSION'] ?? '';
  const own = shown.find(({ session }) => session === current)?.address;
  const within = group ?? own;
  if (within === undefined) {
    throw new UsageError({
      code: 'cycle.no-session',
      message: current === '' ? 'from which session?' : `'${current.slice(0, 60)}' is no session of an agent`,
      hint: 'It is meant for the keys prefix n and prefix p in tmux. Run: gt agents',
    });
  }
  const next = stepFrom(current as SessionName, shown, { step, group: within });
  if (next === undefined) return { text: 'There is no other agent in this group' };
  const client = input.flag('client');
  await town.ports.tmux.ui.show(next, client === '' ? undefined : client);
  return {};
}
