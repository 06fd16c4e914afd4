import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { clonesOf } from '../../rig/find-crew.ts';
import { viewCrew } from '../../crew/view.ts';
import { listRigs } from '../../rig/registry.ts';
import { renderCrewList } from '../../ui/text/crew.ts';
import { rigsMeant } from './choose.ts';
import { crewRow, crewSchema } from './row.ts';

export const schema = z.array(crewSchema);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const named = input.arg('rig') || (input.flag('rig') ?? '');
  const rigs = input.bool('all') ? await listRigs(town) : await rigsMeant(app, town, named);
  const places = (await Promise.all(rigs.map((rig) => clonesOf(town, rig)))).flat();
  const views = await Promise.all(places.map((place) => viewCrew(town, place)));
  const rows = views.map(crewRow);
  return { data: rows, text: renderCrewList(rows, app.output) };
}
