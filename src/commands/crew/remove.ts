import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { GtError } from '../../core/errors.ts';
import { findCrew } from '../../rig/find-crew.ts';
import { removeCrew } from '../../crew/remove.ts';
import { renderCrewRemoved } from '../../ui/text/crew.ts';
import type { RemovedRow } from '../../ui/text/crew.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.array(
  z.object({
    crew: z.string(),
    outcome: z.enum(['removed', 'planned', 'refused']),
    steps: z.array(z.string()),
    released: z.array(z.string()),
    rescued: z.array(z.string()),
    read_back: z.array(z.string()),
    set_aside: z.optional(z.string()),
    reason: z.optional(z.string()),
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

/** One refusal is the command's own error; among several the others still go. */
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
      steps: report.steps.map((step) => step.do),
      released: report.released,
      rescued: report.rescued,
      read_back: report.readBack,
      ...(report.setAside === undefined ? {} : { set_aside: report.setAside }),
    };
  } catch (error) {
    if (single || !(error instanceof GtError)) throw error;
    const nothing = { steps: [], released: [], rescued: [], read_back: [] };
    return { crew: word, outcome: 'refused', ...nothing, reason: error.message };
  }
}
