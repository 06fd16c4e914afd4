import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { finishStep } from '../../hooks/step-done.ts';
import type { StepDone } from '../../hooks/step-done.ts';
import { actingTown } from '../acting-town.ts';

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
    text: `${dryRun ? 'Would close' : 'Closed'} ${step.id}. ${nextText(done, town.actor.role)}`,
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
