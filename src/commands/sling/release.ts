import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { takeOffHook } from '../../polecat/release/take-off.ts';
import { renderRelease } from '../../ui/text/release.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const why = input.flag('reason') ?? 'released';
  const lines: string[] = [];
  for (const word of input.args('beads')) {
    const bead = await (await town.ledgers.of(word)).find(word);
    const report = await takeOffHook(town, { bead, force: true, why });
    const steps = report.steps.map((step) => step.do);
    const view = { bead: bead.id, agent: bead.assignee, steps, read_back: report.readBack, dry_run: false };
    lines.push(renderRelease(view, app.output.style));
  }
  return { text: lines.join('\n') };
}
