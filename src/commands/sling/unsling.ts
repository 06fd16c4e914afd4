import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findHooked } from '../../hooks/find-hooked.ts';
import { takeOffHook } from '../../polecat/release/take-off.ts';
import { renderRelease } from '../../ui/text/release.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  bead: z.string(),
  agent: z.string(),
  steps: z.array(z.string()),
  rescued: z.array(z.string()),
  read_back: z.array(z.string()),
  dry_run: z.boolean(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const { bead, agent } = await findHooked(town, { bead: input.arg('bead'), target: input.arg('target') });
  const dryRun = input.bool('dry-run');
  if (bead === undefined) {
    const data = { bead: '', agent, steps: [], rescued: [], read_back: [], dry_run: dryRun };
    return { data, text: `The hook of ${agent} is empty: nothing to do` };
  }
  const why = 'unslung';
  const report = await takeOffHook(town, { bead, force: input.bool('force'), dryRun, why });
  const data = {
    bead: bead.id,
    agent: bead.assignee,
    steps: report.steps.map((step) => step.do),
    rescued: report.rescued,
    read_back: report.readBack,
    dry_run: dryRun,
  };
  return { data, text: renderRelease(data, app.output.style) };
}
