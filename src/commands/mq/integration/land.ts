import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { landIntegration } from '../../../refinery/integration/land.ts';
import { actingTown } from '../../acting-town.ts';

export const schema = z.object({
  epic: z.string(),
  branch: z.string(),
  base_branch: z.string(),
  commit: z.optional(z.string()),
  steps: z.array(z.string()),
  dry_run: z.boolean(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const dryRun = input.bool('dry-run');
  const { epic, branch, base, commit, steps } = await landIntegration(await actingTown(app), {
    epic: input.arg('epic'),
    force: input.bool('force'),
    skipTests: input.bool('skip-tests'),
    dryRun,
    signal: app.stopSignal,
  });
  const head = dryRun
    ? 'Would:'
    : `${app.output.style.green('✓')} ${branch} is on ${base}; ${epic} is closed`;
  return {
    data: {
      epic,
      branch,
      base_branch: base,
      ...(commit === undefined ? {} : { commit }),
      steps,
      dry_run: dryRun,
    },
    text: dryRun ? [head, ...steps.map((step) => `  ${step}`)].join('\n') : head,
  };
}
