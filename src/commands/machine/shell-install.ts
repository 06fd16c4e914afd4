import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError } from '../../core/errors.ts';
import { gtProgram } from '../../runtimes/gt-command.ts';
import { installShell } from '../../town/machine/shell.ts';
import { machineOf } from '../../town/machine/state.ts';

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const rc = await installShell(machineOf(app.machine, app.env), {
    gt: gtProgram(app.gtArgv),
    gtArgv: app.gtArgv,
  });
  if (rc === undefined) throw unknownShell(app.env['SHELL']);
  return { text: `${app.output.style.green('✓')} ${rc} loads the hook. It works in new shells` };
}

export function unknownShell(shell: string | undefined): RefusedError {
  return new RefusedError({
    code: 'shell.unknown',
    message: `the hook is for bash and zsh, and SHELL is ${shell ?? 'not set'}`,
    hint: 'Set SHELL to the one you use, or leave the hook out: gt works without it',
  });
}
