import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';

/** Started by files that older versions have written; the pane host does its work. */
export async function run(_app: AppContext, _input: CommandInput): Promise<CommandReply> {
  return {};
}
