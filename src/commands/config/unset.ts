import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { changeTownKey } from './set.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return changeTownKey(app, input.arg('key'), '');
}
