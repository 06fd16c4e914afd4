import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findCrew } from '../../rig/find-crew.ts';
import { bringUpToDate } from '../../crew/pristine.ts';
import { renderPristine } from '../../ui/text/crew.ts';
import { actingTown } from '../acting-town.ts';
import { crewOf } from './choose.ts';

export const schema = z.array(
  z.object({
    name: z.string(),
    rig: z.string(),
    branch: z.string(),
    had_changes: z.boolean(),
    pulled: z.boolean(),
    pull_error: z.optional(z.string()),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const word = input.arg('name');
  const rig = input.flag('rig');
  const places =
    word === '' ? await crewOf(app, town, rig ?? '') : [await findCrew(town, { word, rig, cwd: app.cwd })];
  const done = await Promise.all(places.map((place) => bringUpToDate(town, place)));
  const rows = done.map(({ place, branch, changes, pulled, why }) => ({
    name: place.name,
    rig: place.rig.name,
    branch,
    had_changes: changes.length > 0,
    pulled,
    ...(why === undefined ? {} : { pull_error: why }),
  }));
  const stuck = rows.some((row) => 'pull_error' in row);
  return { data: rows, text: renderPristine(rows, app.output.style), exitCode: stuck ? 1 : 0 };
}
