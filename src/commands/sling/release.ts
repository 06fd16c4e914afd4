import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import type { AppContext } from '../../context.ts';
import { GtError } from '../../core/errors.ts';
import { takeOffHook } from '../../polecat/release/take-off.ts';
import { renderRelease } from '../../ui/text/release.ts';
import { actingTown } from '../acting-town.ts';

/** All beads are found before the first is given back; one that cannot be does not keep the others. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const why = input.flag('reason') ?? 'released';
  const words = input.args('beads');
  const beads = await Promise.all(words.map(async (word) => (await town.ledgers.of(word)).find(word)));
  const lines: string[] = [];
  let failed = false;
  for (const bead of beads) {
    const report = await release(town, bead, why);
    if (report instanceof GtError && beads.length === 1) throw report;
    failed ||= report instanceof GtError;
    lines.push(
      report instanceof GtError
        ? `${app.output.style.red('✖')} ${report.message}`
        : renderRelease({ ...report, dry_run: false }, app.output.style),
    );
  }
  return { text: lines.join('\n'), exitCode: failed ? 1 : 0 };
}

async function release(town: TownContext, bead: Bead, why: string) {
  try {
    const report = await takeOffHook(town, { bead, force: true, why });
    const steps = report.steps.map((step) => step.do);
    return { bead: bead.id, agent: bead.assignee, steps, read_back: report.readBack };
  } catch (error) {
    if (error instanceof GtError) return error;
    throw error;
  }
}
