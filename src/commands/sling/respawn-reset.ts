import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { counted } from '../../core/text.ts';
import { resetBead } from '../../polecat/reset-bead.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { bead, reopened, tries } = await resetBead(await actingTown(app), input.arg('bead'));
  const was =
    tries === 0 ? 'had no failed tries' : `${counted(tries, 'failed try', 'failed tries')} forgotten`;
  const state = reopened ? '; it is open again' : '';
  return { text: `${app.output.style.green('✓')} ${bead}: ${was}${state}` };
}
