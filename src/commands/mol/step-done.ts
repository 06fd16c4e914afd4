import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { finishStep, type StepDone } from '../../hooks/step-done.ts';
import { afterStep } from '../../polecat/after-step.ts';
import { renderDone } from '../../ui/text/done.ts';
import { actingTown, conversationOf, spawnOf } from '../acting-town.ts';
import { doneRow } from '../done/row.ts';

export const schema = z.object({
  step_id: z.string(),
  molecule_id: z.string(),
  step_closed: z.boolean(),
  next_step_id: z.optional(z.string()),
  next_step_title: z.optional(z.string()),
  parallel_steps: z.optional(z.array(z.string())),
  complete: z.boolean(),
  action: z.enum(['continue', 'parallel', 'done', 'no_more_ready']),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const dryRun = input.bool('dry-run');
  const done = await finishStep(town, input.arg('step'), dryRun ? 'look' : 'do');
  const { step, molecule, next, parallel, complete, action } = done;
  const session = { spawn: spawnOf(app), conversation: conversationOf(app) };
  const after = dryRun ? undefined : await afterStep(town, done, session);
  return {
    data: {
      step_id: step.id,
      molecule_id: molecule.id,
      step_closed: !dryRun,
      ...(next === undefined ? {} : { next_step_id: next.id, next_step_title: next.title }),
      ...(parallel.length === 0 ? {} : { parallel_steps: parallel.map((bead) => bead.id) }),
      complete,
      action,
    },
    text:
      after?.kind === 'handed-in'
        ? `Closed ${step.id}, the last of ${molecule.id}.\n${renderDone(doneRow(after.report), app.output.style)}`
        : `${dryRun ? 'Would close' : 'Closed'} ${step.id}. ${nextText(done, town.actor.role)}`,
    ...(after?.kind === 'goes-on' && after.why !== undefined
      ? { warnings: [`This session goes on with it: ${after.why}`] }
      : {}),
  };
}

function nextText({ action, next, parallel, molecule }: StepDone, role: string): string {
  switch (action) {
    case 'continue':
      return `Next, and yours now: ${next?.id} ${next?.title}`;
    case 'parallel':
      return `Next, and yours now: ${next?.id} ${next?.title}. Others that can start: ${parallel.map((bead) => bead.id).join(', ')}`;
    case 'no_more_ready':
      return `No step of ${molecule.id} can start now: bd blocked --parent ${molecule.id}`;
    case 'done':
      return `${molecule.id} is complete${role === 'polecat' ? ': run gt done' : role === 'dog' ? ': run gt dog done' : ''}`;
  }
}
