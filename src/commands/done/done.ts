import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { DONE_STATUSES } from '../../polecat/done/request.ts';
import type { DoneRequest } from '../../polecat/done/request.ts';
import { runDone } from '../../polecat/done/run.ts';
import { preVerify } from '../../refinery/pre-verify.ts';
import { renderDone } from '../../ui/text/done.ts';
import { actingTown, spawnOf } from '../acting-town.ts';
import { doneRow } from './row.ts';

export const schema = z.object({
  bead: z.string(),
  exit: z.enum(['submitted', 'repinned', 'closed', 'landed', 'escalated', 'deferred', 'already']),
  mr: z.optional(z.string()),
  branch: z.optional(z.string()),
  target: z.optional(z.string()),
  commit: z.optional(z.string()),
  reason: z.optional(z.string()),
  rescued: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const verify: DoneRequest['verify'] = async ({ rig, head, target }) => {
    const outcome = await preVerify(town, rig, { head, target, signal: app.stopSignal });
    return outcome.kind === 'verified' ? undefined : outcome.why;
  };
  const request = { agent: town.actor, spawn: spawnOf(app), verify, ...readRequest(input) };
  const report = await runDone(town, request);
  const row = doneRow(report);
  return { data: row, text: renderDone(row, app.output.style), warnings: report.warnings };
}

function readRequest(input: CommandInput): Omit<DoneRequest, 'agent' | 'spawn'> {
  const status = DONE_STATUSES.find((known) => known === input.flag('status'));
  if (status === undefined) {
    throw new UsageError({
      code: 'done.no-phases',
      message: `--status ${input.flag('status') ?? ''} needs a workflow with phases, and this bead has none`,
      hint: 'Run: gt done',
    });
  }
  return {
    status,
    reason: input.flag('reason'),
    issue: input.flag('issue'),
    target: input.flag('target'),
    priority: input.number('priority'),
    preVerified: input.bool('pre-verified'),
    cleanupStatus: input.flag('cleanup-status'),
    resume: input.bool('resume'),
  };
}
