import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { parseWorkerName } from '../../core/names.ts';
import { crewPlace } from '../../rig/crew-place.ts';
import { renameCrew } from '../../crew/rename.ts';
import { actingTown } from '../acting-town.ts';
import { findOrNew } from './choose.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const choice = { word: input.arg('old-name'), rig: input.flag('rig'), cwd: app.cwd };
  const to = parseWorkerName(input.arg('new-name'));
  // A rename that was cut off has no folder of the old name any more; `renameCrew` knows it by the new one.
  const from = await findOrNew(town, choice);
  await renameCrew(town, from, crewPlace(from.rig, to));
  return { text: `${app.output.style.green('✓')} ${from.rig.name}/crew/${from.name} is now ${to}` };
}
