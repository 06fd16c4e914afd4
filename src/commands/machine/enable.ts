import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { gtProgram } from '../../runtimes/gt-command.ts';
import { setEnabled } from '../../town/machine/shell.ts';
import { machineOf } from '../../town/machine/state.ts';

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  await setEnabled(machineOf(app.machine, app.env), { gt: gtProgram(app.gtArgv), gtArgv: app.gtArgv });
  return { text: 'The shell hook is on, where it is installed. It works in new shells' };
}
