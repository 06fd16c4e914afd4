import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { addCrew } from '../../crew/add.ts';
import { newCrewPlace } from '../../rig/find-crew.ts';
import { actingTown } from '../acting-town.ts';
import { eachOf, replyOf } from './each.ts';
import type { Done } from './each.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const branch = input.bool('branch') ? 'own' : 'default';
  const work = async (word: string): Promise<Done> => {
    const place = await newCrewPlace(town, { word, rig: input.flag('rig'), cwd: app.cwd });
    const added = await addCrew(town, place, { branch });
    return {
      line: `${app.output.style.green('✓')} ${place.rig.name}/crew/${place.name} on ${added.branch}: ${place.path}`,
      warnings: added.warnings,
      next: `Start its agent: gt crew at ${place.name} --rig ${place.rig.name}`,
    };
  };
  return replyOf(app, await eachOf(input.args('names'), { word: (word) => word, work }));
}
