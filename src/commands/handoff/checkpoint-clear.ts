import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { clearCheckpoint } from '../../hooks/checkpoint.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const was = await clearCheckpoint(town, town.actor);
  return { text: was ? 'The record is removed' : 'There is no record' };
}
