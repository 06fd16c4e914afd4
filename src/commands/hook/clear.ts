import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findHooked } from '../../hooks/find-hooked.ts';
import { takeOffHook } from '../../polecat/release/take-off.ts';
import { renderRelease } from '../../ui/text/release.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const { bead, agent } = await findHooked(town, { bead: input.arg('bead'), target: input.arg('target') });
  if (bead === undefined) return { text: `The hook of ${agent} is empty: nothing to do` };
  const dryRun = input.bool('dry-run');
  const why = 'hook cleared';
  const report = await takeOffHook(town, { bead, force: input.bool('force'), dryRun, why });
  const view = {
    bead: bead.id,
    agent: bead.assignee,
    steps: report.steps.map((step) => step.do),
    read_back: report.readBack,
    dry_run: dryRun,
  };
  return { text: renderRelease(view, app.output.style) };
}
