import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { releaseRequest } from '../../refinery/claims.ts';
import { change } from './claim.ts';

export { schema } from './claim.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return change(app, input, releaseRequest);
}
