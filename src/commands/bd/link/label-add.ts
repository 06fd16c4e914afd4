import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { changeLabel } from './label.ts';

export { changeSchema as schema } from './label.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return changeLabel(app, input, 'added');
}
