import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { changeProperty } from './config-set.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return changeProperty(app, input, { do: 'unset' });
}
