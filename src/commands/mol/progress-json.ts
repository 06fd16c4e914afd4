import * as z from 'zod/mini';
import { FORMULA_KEY } from '../../formulas/molecule/blueprint.ts';
import type { Progress } from '../../formulas/molecule/progress.ts';

export const progressSchema = z.object({
  root_id: z.string(),
  root_title: z.string(),
  molecule_id: z.optional(z.string()),
  total_steps: z.number(),
  done_steps: z.number(),
  in_progress_steps: z.number(),
  ready_steps: z.array(z.string()),
  blocked_steps: z.array(z.string()),
  percent_complete: z.number(),
  complete: z.boolean(),
});

/** `molecule_id` = the formula it was made from. */
export function progressJson(progress: Progress): z.infer<typeof progressSchema> {
  const { molecule, steps, total, completed, inProgress } = progress;
  const formula = molecule.root.metadata[FORMULA_KEY];
  const idsOf = (...states: readonly string[]) =>
    steps.filter((step) => states.includes(step.state)).map((step) => step.bead.id);
  return {
    root_id: molecule.root.id,
    root_title: molecule.root.title,
    ...(typeof formula === 'string' ? { molecule_id: formula } : {}),
    total_steps: total,
    done_steps: completed,
    in_progress_steps: inProgress,
    ready_steps: idsOf('ready'),
    blocked_steps: idsOf('blocked', 'pending'),
    percent_complete: Math.floor(progress.percent),
    complete: total > 0 && completed === total,
  };
}
