import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { retryMergeRequest } from '../../refinery/manage.ts';
import { tickRefinery } from '../../refinery/tick.ts';
import { rigNamed } from '../../rig/registry.ts';
import { renderReport } from '../../ui/text/mq-report.ts';
import { actingTown } from '../acting-town.ts';
import { reportData, reportSchema } from './report-data.ts';

export const schema = z.object({ id: z.string(), phase: z.string(), report: z.optional(reportSchema) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await rigNamed(ctx, input.arg('rig'));
  const mr = await retryMergeRequest(ctx, rig, input.arg('mr'));
  const line = `${app.output.style.green('✓')} ${mr.id} is in the queue again`;
  if (!input.bool('now')) return { data: { id: mr.id, phase: mr.phase }, text: line };
  const report = await tickRefinery(ctx, rig, { signal: app.stopSignal });
  return {
    data: { id: mr.id, phase: mr.phase, report: reportData(report) },
    text: `${line}\n${renderReport(report, app.output.style)}`,
    warnings: report.warnings,
  };
}
