import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { findCrew } from '../../rig/find-crew.ts';
import { removeCrew } from '../../crew/remove.ts';
import { renderCrewRemoved } from '../../ui/text/crew.ts';
import type { RemovedRow } from '../../ui/text/crew.ts';
import { actingTown } from '../acting-town.ts';
import { partsOf, refusal, removalFields } from '../removal-parts.ts';

export const schema = z.array(
  z.object({
    crew: z.string(),
    outcome: z.enum(['removed', 'planned', 'refused']),
    ...removalFields,
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const words = input.args('names');
  const rows: RemovedRow[] = [];
  for (const word of words)
    rows.push(await removeOne(app, town, { word, input, single: words.length === 1 }));
  const refused = rows.some((row) => row.outcome === 'refused');
  return { data: rows, text: renderCrewRemoved(rows, app.output.style), exitCode: refused ? 1 : 0 };
}

async function removeOne(
  app: AppContext,
  town: TownContext,
  { word, input, single }: { readonly word: string; readonly input: CommandInput; readonly single: boolean },
): Promise<RemovedRow> {
  const dryRun = input.bool('dry-run');
  try {
    const place = await findCrew(town, { word, rig: input.flag('rig'), cwd: app.cwd });
    const wishes = { force: input.bool('force'), purge: input.bool('purge'), dryRun };
    const report = await removeCrew(town, place, wishes);
    return {
      crew: `${place.rig.name}/crew/${place.name}`,
      outcome: dryRun ? 'planned' : 'removed',
      ...partsOf(report),
    };
  } catch (error) {
    return { crew: word, outcome: 'refused', ...refusal(error, single) };
  }
}
