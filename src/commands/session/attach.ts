import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { attachSession } from '../../sessions/attach.ts';
import { refuseWithoutTerminal } from '../terminal.ts';
import { findTarget } from '../../sessions/target.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { session } = await findTarget(town, input.arg('agent'));
  refuseWithoutTerminal(app);
  const end = await attachSession(town, session);
  return end === 'taken' ? { warnings: ['Another terminal has attached to this session'] } : {};
}
