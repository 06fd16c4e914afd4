import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { runPaneHostCommand } from '../../run-pane-host.ts';

/** `gt pane-host <session> [town root]`; gt itself starts the leaner program of the same code. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return { exitCode: await runPaneHostCommand(input.words, app.env) };
}
