import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { showRole } from './show.ts';

export { schema } from './show.ts';

export function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  return showRole(app, {});
}
