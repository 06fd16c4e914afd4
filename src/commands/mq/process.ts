import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { watchRefinery } from '../../refinery/watch.ts';
import { tickRefinery } from '../../refinery/tick.ts';
import type { TickReport } from '../../refinery/tick.ts';
import { readRefineryStatus } from '../../refinery/status.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import type { Rig } from '../../rig/registry.ts';
import { renderReport } from '../../ui/text/mq-report.ts';
import { renderPlan } from '../../ui/text/refinery.ts';
import { actingTown } from '../acting-town.ts';
import { reportData, reportSchema } from './report-data.ts';

export const schema = reportSchema;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  if (input.bool('dry-run')) return dryRun(ctx, rig);
  if (input.bool('watch')) return watch(app, ctx, rig);
  return replyOf(app, await tickRefinery(ctx, rig, { signal: app.stopSignal }));
}

/** Exit 1 when the pass could not do its work because somebody else does. */
export function replyOf(app: AppContext, report: TickReport): CommandReply {
  const failed = report.state === 'held' || report.state === 'lost';
  return {
    data: reportData(report),
    text: renderReport(report, app.output.style),
    warnings: report.warnings,
    ...(failed ? { exitCode: 1 } : {}),
  };
}

/** Prints each pass that did or waits for something; ends with ^C. */
export async function watch(app: AppContext, ctx: TownContext, rig: Rig): Promise<CommandReply> {
  let last = '';
  await watchRefinery(ctx, rig, {
    signal: app.stopSignal,
    onReport: (report) => {
      const text = renderReport(report, app.output.style);
      if (text !== last) app.output.write(`${text}\n`);
      last = text;
    },
  });
  return { exitCode: 0 };
}

async function dryRun(ctx: TownContext, rig: Rig): Promise<CommandReply> {
  const status = await readRefineryStatus(ctx, rig);
  const empty = { landed: [], evicted: [], conflicts: [], runs: 0 };
  const state = status.enabled ? 'idle' : 'disabled';
  const { waiting, warnings, gates } = status;
  return {
    data: { rig: rig.name, state, ...empty, untested: gates.length === 0, waiting, warnings },
    text: renderPlan(status),
  };
}
