import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { resumeDeacon } from '../../watchdog/deacon-rounds.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const over = await resumeDeacon(await actingTown(app));
  return {
    text:
      over === undefined ? 'The deacon was not paused' : `${app.output.style.green('✓')} The deacon goes on`,
  };
}
