import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { runRemoval } from './removal.ts';

export { schema } from './removal.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return runRemoval(app, input, 'remove');
}
