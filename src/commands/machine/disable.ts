import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { removeShell, setDisabled } from '../../town/machine/shell.ts';
import { machineOf } from '../../town/machine/state.ts';
import { renderRestored } from '../../ui/text/uninstall.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const machine = machineOf(app.machine, app.env);
  const done = input.bool('clean') ? await removeShell(machine) : [];
  await setDisabled(machine);
  return {
    text: ['The shell hook is off. Towns are not touched: gt down stops one', ...renderRestored(done)].join(
      '\n',
    ),
  };
}
