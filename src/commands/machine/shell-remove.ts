import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { removeShell } from '../../town/machine/shell.ts';
import { machineOf } from '../../town/machine/state.ts';
import { renderRestored } from '../../ui/text/uninstall.ts';

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const done = await removeShell(machineOf(app.machine, app.env));
  return { text: done.length === 0 ? 'The hook is not installed' : renderRestored(done).join('\n') };
}
