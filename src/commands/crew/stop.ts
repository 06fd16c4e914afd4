import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { CrewPlace } from '../../rig/crew-place.ts';
import { stopCrew } from '../../crew/start.ts';
import { actingTown } from '../acting-town.ts';
import { crewMeant } from './choose.ts';
import { eachOf, replyOf } from './each.ts';
import type { Done } from './each.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const places = await crewMeant(app, town, input);
  const work = async (place: CrewPlace): Promise<Done> => {
    const name = `${place.rig.name}/crew/${place.name}`;
    if (input.bool('dry-run')) {
      const { kind } = await town.ports.panes.observe(place.session);
      return { line: kind === 'live' ? `Would stop ${name}` : `${name} does not run` };
    }
    const stopped = await stopCrew(town, place, { force: input.bool('force') });
    return { line: stopped ? `${app.output.style.green('✓')} ${name} stopped` : `  ${name} does not run` };
  };
  return replyOf(app, await eachOf(places, { word: ({ name }) => name, work }));
}
