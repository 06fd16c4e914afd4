import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { writeSlot } from './slot-set.ts';

export { schema } from './slot-set.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return writeSlot(app, input, undefined);
}
