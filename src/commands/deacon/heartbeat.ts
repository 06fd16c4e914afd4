import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { beatDeacon } from '../../watchdog/deacon-rounds.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { cycle } = await beatDeacon(await actingTown(app), input.arg('action'));
  return { text: `${app.output.style.green('✓')} Round ${cycle}` };
}
