import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { pauseDeacon } from '../../watchdog/deacon-rounds.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const before = await pauseDeacon(await actingTown(app), input.flag('reason') ?? '');
  const done = before === undefined ? 'is paused' : 'was paused already; the reason is the new one';
  return {
    text: `${app.output.style.green('✓')} The deacon ${done}. The daemon goes on watching: gt daemon stop ends that`,
  };
}
