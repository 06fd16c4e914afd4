import * as z from 'zod/mini';
import { readDocument } from './document.ts';
import type { Step } from './formula.ts';
import { badFormulaError } from './parse.ts';
import { mapSteps, removeSteps, stepIds } from './steps.ts';

/** One operator's change of one step of a formula that is not theirs. */
export interface StepOverride {
  readonly step_id: string;
  readonly mode: 'replace' | 'append' | 'skip';
  readonly description: string;
}

const overlayFile = z.object({
  'step-overrides': z.optional(
    z.array(
      z.object({
        step_id: z.string(),
        mode: z.optional(z.enum(['replace', 'append', 'skip'])),
        description: z.optional(z.string()),
      }),
    ),
  ),
});

/** `[[step-overrides]]` of an overlay file. Throws UsageError `formula.bad`. */
export function parseOverlay(text: string, source: string): readonly StepOverride[] {
  const parsed = overlayFile.safeParse(readDocument(text, source));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badFormulaError(
      source,
      `${issue?.path.join('.') ?? ''}: a step override has step_id, mode (replace, append or skip) and description`,
    );
  }
  return (parsed.data['step-overrides'] ?? []).map((override) => ({
    step_id: override.step_id,
    mode: override.mode ?? 'replace',
    description: override.description ?? '',
  }));
}

/** The steps with the overrides applied, and a line for each that names no step. */
export function applyOverlay(
  steps: readonly Step[],
  overrides: readonly StepOverride[],
): { readonly steps: readonly Step[]; readonly warnings: readonly string[] } {
  const ids = stepIds(steps);
  const warnings = overrides
    .filter((override) => !ids.has(override.step_id))
    .map((override) => `the overlay changes step ${override.step_id}, which is not there`);
  const byId = new Map(overrides.map((override) => [override.step_id, override] as const));
  const changed = mapSteps(steps, (step) => {
    const override = byId.get(step.id);
    if (override === undefined || override.mode === 'skip') return step;
    const before =
      override.mode === 'append' && step.description !== undefined ? `${step.description}\n\n` : '';
    return { ...step, description: before + override.description };
  });
  return { steps: removeSteps(changed, (step) => byId.get(step.id)?.mode === 'skip'), warnings };
}
