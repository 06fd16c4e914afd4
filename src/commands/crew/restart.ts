import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import type { CrewPlace } from '../../rig/crew-place.ts';
import { startEach } from '../../crew/start.ts';
import { actingTown } from '../acting-town.ts';
import { crewMeant } from './choose.ts';
import { outcomeReply } from './outcome.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const meant = await crewMeant(app, town, input);
  const places = input.bool('all') ? await running(town, meant) : meant;
  if (input.bool('dry-run')) {
    return { text: places.map(({ rig, name }) => `Would restart ${rig.name}/crew/${name}`).join('\n') };
  }
  return outcomeReply(app, await startEach(town, places, { agent: input.flag('agent'), fresh: true }));
}

async function running(town: TownContext, places: readonly CrewPlace[]): Promise<readonly CrewPlace[]> {
  const seen = await Promise.all(places.map(({ session }) => town.ports.panes.observe(session)));
  return places.filter((_, index) => seen[index]?.kind === 'live');
}
