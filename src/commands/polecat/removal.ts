import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { listPolecats, polecatNamed } from '../../polecat/list.ts';
import type { PolecatView } from '../../polecat/list.ts';
import { nukePolecat } from '../../polecat/nuke/run.ts';
import type { NukeWish } from '../../polecat/nuke/plan.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { renderNukes } from '../../ui/text/polecats.ts';
import type { NukeRow } from '../../ui/text/polecats.ts';
import { actingTown } from '../acting-town.ts';
import { partsOf, refusal, removalFields } from '../removal-parts.ts';
import { parsePolecat } from './names.ts';

export const schema = z.array(
  z.object({
    polecat: z.string(),
    outcome: z.enum(['nuked', 'removed', 'planned', 'refused', 'gone']),
    ...removalFields,
  }),
);

interface Target {
  readonly rig: Rig;
  readonly view: PolecatView;
}

/** `polecat nuke` and `polecat remove` are one command but for what they leave. */
export async function runRemoval(
  app: AppContext,
  input: CommandInput,
  what: NukeWish['what'],
): Promise<CommandReply> {
  const town = await actingTown(app);
  const targets = await findTargets(town, input);
  const rows: NukeRow[] = [];
  for (const target of targets)
    rows.push(await removeOne(town, target, { input, what, single: targets.length === 1 }));
  const refused = rows.some((row) => row.outcome === 'refused');
  return { data: rows, text: renderNukes(rows, app.output.style), exitCode: refused ? 1 : 0 };
}

async function findTargets(town: TownContext, input: CommandInput): Promise<readonly Target[]> {
  const words = input.args('polecats');
  const found = await Promise.all(
    words.map(async (word) => {
      if (!input.bool('all')) {
        const { rig, name } = await parsePolecat(town, word);
        return [{ rig, view: await polecatNamed(town, rig, name) }];
      }
      const rig = await rigNamed(town, word);
      const views = await listPolecats(town, rig);
      return views
        .filter((view) => view.verdict.state !== 'nuked' || view.hasFolder)
        .map((view) => ({ rig, view }));
    }),
  );
  return found.flat();
}

async function removeOne(
  town: TownContext,
  { rig, view }: Target,
  {
    input,
    what,
    single,
  }: Pick<NukeWish, 'what'> & { readonly input: CommandInput; readonly single: boolean },
): Promise<NukeRow> {
  const polecat = `${rig.name}/${view.name}`;
  const dryRun = input.bool('dry-run');
  try {
    const report = await nukePolecat(town, {
      rig,
      worker: view.name,
      what,
      force: input.bool('force'),
      dryRun,
    });
    return {
      polecat,
      outcome:
        report.steps.length === 0 ? 'gone' : dryRun ? 'planned' : what === 'nuke' ? 'nuked' : 'removed',
      ...partsOf(report),
    };
  } catch (error) {
    return { polecat, outcome: 'refused', ...refusal(error, single) };
  }
}
