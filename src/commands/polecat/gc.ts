import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { runSweep } from './sweep.ts';

export { schema } from './sweep.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return runSweep(app, input, 'gc');
}
